import pytest

from samestep.analysis.roles import SETTINGS, Character, Declared, Wanted, character, pick
from samestep.errors import BadArgument, NoSuchMetric
from samestep.model import Direction, Role

CALL = "the call"
UNDECLARED = "not declared, so a proxy"


def wanted(*entries: str, argument: str = CALL) -> tuple[Wanted, ...]:
    return tuple(Wanted.parse(entry, argument) for entry in entries)


def role(name: str, declared: Declared, *names: str) -> tuple[Role, str]:
    found = character(name, declared, None, names)
    return found.role, found.role_why


def direction(
    name: str, declared: Declared, tracker_says: Direction | None = None
) -> tuple[Direction | None, str]:
    found = character(name, declared, tracker_says)
    return found.direction, found.direction_why


@pytest.mark.parametrize(
    ("entry", "pattern", "declared"),
    [
        ("eval/loss:lower", "eval/loss", "lower"),
        ("test/.*:higher", "test/.*", "higher"),
        ("test/top1", "test/top1", None),
        ("a:b", "a:b", None),
        ("a:b:lower", "a:b", "lower"),
        ("loss:Lower", "loss:Lower", None),
    ],
)
def test_an_entry_may_carry_its_direction(
    entry: str, pattern: str, declared: Direction | None
) -> None:
    assert Wanted.parse(entry, CALL) == Wanted(pattern, declared, CALL)


def test_an_exact_name_stands_for_itself_alone() -> None:
    [entry] = wanted("val.loss")

    assert entry.picks(["val/loss", "val.loss"]) == ["val.loss"]
    assert entry.picks(["val/loss"]) == ["val/loss"]


def test_a_pattern_matches_whole_names() -> None:
    [entry] = wanted("val/.*")

    assert entry.picks(["val/loss", "eval/loss", "val/top1"]) == ["val/loss", "val/top1"]
    assert wanted("loss")[0].picks(["val/loss"]) == []


def test_a_name_that_is_no_pattern_is_found_all_the_same() -> None:
    assert pick(wanted("metrics/mAP50(B", "acc*+"), ["metrics/mAP50(B", "acc*+"], "run") == [
        *("metrics/mAP50(B", "acc*+")
    ]


def test_a_name_that_ends_like_a_direction_is_a_name() -> None:
    names = ("loss:lower", "loss")

    assert pick(wanted("loss:lower"), names, "run") == ["loss:lower"]
    assert role("loss:lower", Declared(downstream=wanted("loss:lower")), *names)[0] == "downstream"
    assert role("loss", Declared(downstream=wanted("loss:lower")), *names)[0] == "proxy"


def test_a_bad_pattern_is_refused_with_its_argument() -> None:
    with pytest.raises(BadArgument) as refused:
        pick(wanted("val/(", argument="metrics"), ["val/loss"], "run")

    assert str(refused.value).startswith(
        "metrics='val/(' cannot be used: metrics takes metric names or regular expressions ("
    )


def test_names_are_picked_in_the_order_asked_each_once() -> None:
    names = ["val/loss", "val/top1", "lr"]

    assert pick(wanted("lr", "val/.*", "val/loss"), names, "run") == ["lr", "val/loss", "val/top1"]


def test_an_entry_that_fits_nothing_is_refused_with_what_there_is() -> None:
    with pytest.raises(NoSuchMetric, match=r"No metric 'val/acc' in resnet50. It logs 'val/loss'"):
        pick(wanted("val/loss", "val/acc"), ["val/loss"], "resnet50")


def test_a_metric_nobody_declared_is_a_proxy_and_says_so() -> None:
    assert character("test/top1", Declared(), None) == Character(
        "test/top1", "proxy", UNDECLARED, "higher", "name"
    )


def test_a_declared_metric_has_its_role_from_where_it_was_declared() -> None:
    declared = Declared(downstream=wanted("test/.*"), proxy=wanted("knn/top1", argument=SETTINGS))

    assert role("test/top1", declared) == ("downstream", "declared in the call")
    assert role("knn/top1", declared) == ("proxy", "declared in samestep.toml")


def test_the_call_comes_before_the_settings_for_a_role() -> None:
    declared = Declared(downstream=wanted("knn/top1", argument=SETTINGS), proxy=wanted("knn/top1"))

    assert role("knn/top1", declared) == ("proxy", "declared in the call")


def test_an_entry_that_names_one_metric_declares_no_other() -> None:
    declared = Declared(downstream=wanted("test.top1"))
    names = ("test.top1", "test/top1")

    assert role("test.top1", declared, *names) == ("downstream", "declared in the call")
    assert role("test/top1", declared, *names) == ("proxy", UNDECLARED)


def test_a_name_that_is_no_pattern_declares_its_metric() -> None:
    declared = Declared(downstream=wanted("mAP50(B"))

    assert role("loss", declared, "mAP50(B", "loss") == ("proxy", UNDECLARED)
    assert role("mAP50(B", declared, "mAP50(B", "loss")[0] == "downstream"


def test_the_call_comes_before_the_settings_the_tracker_and_the_name_for_a_direction() -> None:
    toml = wanted("loss:higher", argument=SETTINGS)
    in_call = Declared(
        downstream=toml, directions=(*wanted("loss:lower", argument="metrics"), *toml)
    )

    assert direction("loss", in_call, "higher") == ("lower", "declared in metrics")
    assert direction("loss", Declared(directions=toml), "lower") == (
        "higher",
        "declared in samestep.toml",
    )
    assert direction("loss", Declared(), "higher") == ("higher", "tracker")
    assert direction("loss", Declared()) == ("lower", "name")


def test_a_role_without_a_direction_leaves_it_to_the_next() -> None:
    assert direction("test/top1", Declared(downstream=wanted("test/top1"))) == ("higher", "name")


def test_a_direction_nobody_knows_is_unknown() -> None:
    assert direction("bench", Declared()) == (
        None,
        "unknown: nothing declares it and its name does not tell",
    )
