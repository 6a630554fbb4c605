import pytest

from samestep.model import Planned
from samestep.readers.facts import epoch_length, planned_length, seed_of


@pytest.mark.parametrize(
    ("config", "length"),
    [
        ({"max_steps": 500, "epochs": 3}, (500, "steps", "max_steps")),
        ({"max_steps": -1, "num_train_epochs": 3}, (3, "epochs", "num_train_epochs")),
        ({"trainer": {"max-epochs": 90}}, (90, "epochs", "trainer.max-epochs")),
    ],
)
def test_the_planned_length_is_the_first_that_is_set(
    config: dict[str, object], length: tuple[float, str, str]
) -> None:
    planned = planned_length(config)

    assert planned is not None
    assert (planned.length, planned.unit, planned.key) == length


@pytest.mark.parametrize("config", [{}, {"n_epochs": 10}, {"epochs": "many"}, {"max_steps": 0}])
def test_what_is_no_length_plans_nothing(config: dict[str, object]) -> None:
    assert planned_length(config) is None


def test_the_seed_is_found_where_it_is_nested() -> None:
    assert seed_of({"data": {"seed": 7}, "lr": 0.1}) == "7"
    assert seed_of({"test_random_seed": 301}) is None


def test_the_epoch_length_of_the_config_gives_way_to_a_logged_epoch() -> None:
    config = {"steps_per_epoch": 14}

    assert epoch_length(config, ["loss"]) == 14
    assert epoch_length(config, ["loss", "epoch"]) is None


def test_what_a_tracker_wraps_a_value_in_is_taken_off() -> None:
    config = {
        "max_epochs": {"value": 90, "desc": None},
        "data": {"value": {"seed": 7}},
        "steps_per_epoch": {"value": 50},
    }

    assert planned_length(config) == Planned(90.0, "epochs", "max_epochs")
    assert seed_of(config) == "7"
    assert epoch_length(config, []) == 50.0


@pytest.mark.parametrize("key", ["total_epochs", "train_epochs", "nb_epochs"])
def test_a_planned_length_goes_by_many_names(key: str) -> None:
    assert planned_length({key: 9}) == Planned(9.0, "epochs", key)


@pytest.mark.parametrize(
    "key", ["max_train_steps", "training_steps", "train_iters", "num_iterations"]
)
def test_a_planned_number_of_steps_goes_by_many_names(key: str) -> None:
    assert planned_length({key: 9}) == Planned(9.0, "steps", key)
