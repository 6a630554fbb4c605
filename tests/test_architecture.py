"""The shape of the code, checked like any other behaviour."""

from importlinter.cli import lint_imports

import samestep


def test_imports_point_down() -> None:
    assert lint_imports(no_cache=True) == 0


def test_what_is_handed_on_is_what_is_named_in_order() -> None:
    assert samestep.__all__ == sorted(samestep.__all__)
    assert all(hasattr(samestep, name) for name in samestep.__all__)
