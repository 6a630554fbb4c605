"""Train the demo's runs on scikit-learn's digits and record them as event files.

Run with `uv run --group record python tests/record/demo_runs.py`. It replaces
`samestep/recorded/runs` and `trained_to_the_end.json`; the README beside them says what they hold.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, Self, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

RECORDED = Path(__file__).parents[2] / "tools/samestep/recorded"
EPOCHS = 60
TRAINING, VALIDATION = 448, 349  # images; the 1,000 others are the test set
BATCH_SIZE = 32
STEPS_PER_EPOCH = TRAINING // BATCH_SIZE
LEARNING_RATE = 0.007
HIDDEN_UNITS = 128
ENLARGED = 3  # every pixel of the 8 x 8 digits becomes 3 x 3, so that one pixel is a small shift
SHIFTS = [(down, right) for down in range(-2, 3) for right in range(-2, 3) if down or right]
BRIGHTNESS = 0.3  # the digits' mean; what the network sees is centred on it
SPLIT_SEED = 0


class Network(Protocol):
    """A network with one hidden layer, as far as scikit-learn's own is used here."""

    coefs_: "list[Floats]"
    intercepts_: "list[Floats]"
    loss_: float

    def partial_fit(self, rows: "Floats", labels: "Integers", /, *, classes: "Integers") -> Self:
        """Train for one epoch."""
        ...

    def predict_proba(self, rows: "Floats", /) -> "Floats":
        """Return each image's probability of being each digit."""
        ...


class Writer(Protocol):
    """A writer of event files, as far as tensorboardX's own is used here."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int, /) -> None:
        """Write one point."""
        ...

    def close(self) -> None:
        """Write what is waiting."""
        ...


@dataclass(frozen=True, slots=True)
class Images:
    """Pictures of digits, shape (images, height, width), and which digits they are."""

    pixels: "Floats"
    labels: "Integers"

    def __getitem__(self, chosen: "slice | Integers") -> "Images":
        return Images(self.pixels[chosen], self.labels[chosen])


@dataclass(frozen=True, slots=True)
class Digits:
    """The three parts of the data; the test images are shifted, once and for all runs alike."""

    training: Images
    validation: Images
    test: Images


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run to record; training always goes on to the planned end, logging may stop earlier."""

    family: Literal["plain", "shifted"]
    seed: int
    epochs_logged: int

    @property
    def full_name(self) -> str:
        """The run's directory below `runs`."""
        return f"{self.family}/seed{self.seed}"

    @property
    def config(self) -> Mapping[str, object]:
        """The settings written beside the event file; the families differ in one."""
        return {
            "data": "digits",
            "training_images": TRAINING,
            "augmentation": "one- or two-pixel shifts" if self.family == "shifted" else "none",
            "hidden_units": HIDDEN_UNITS,
            "epochs": EPOCHS,
            "steps_per_epoch": STEPS_PER_EPOCH,
            "batch_size": BATCH_SIZE,
            "optimizer": "sgd",
            "lr": LEARNING_RATE,
            "seed": self.seed,
        }


RECIPES = [
    *(Recipe("plain", seed, EPOCHS) for seed in range(3)),
    Recipe("shifted", 0, 14),
    Recipe("shifted", 1, 14),
    Recipe("shifted", 2, 15),
]


def main() -> None:
    """Record every run, and apart from the runs what the stopped ones would have become."""
    digits = load_digits()
    shutil.rmtree(RECORDED / "runs", ignore_errors=True)
    unlogged = {recipe.full_name: record(recipe, digits) for recipe in RECIPES}
    ends = {full_name: rest[-1] for full_name, rest in unlogged.items() if rest}
    text = json.dumps(ends, indent=1) + "\n"
    (RECORDED / "trained_to_the_end.json").write_text(text, encoding="utf-8")


def load_digits() -> Digits:
    """Return scikit-learn's digits, enlarged and split the same way for every run."""
    bundle = import_module("sklearn.datasets").load_digits()
    small: Floats = bundle.images / 16
    enlarged = small.repeat(ENLARGED, axis=1).repeat(ENLARGED, axis=2)
    rng = np.random.default_rng(SPLIT_SEED)
    digits = Images(enlarged, bundle.target)[rng.permutation(len(enlarged))]
    training, rest = digits[:TRAINING], digits[TRAINING:]
    test = rest[VALIDATION:]
    shifted_test = Images(shifted(test.pixels, rng), test.labels)
    return Digits(training, rest[:VALIDATION], shifted_test)


def shifted(pixels: "Floats", rng: np.random.Generator) -> "Floats":
    """Move every image by up to two pixels each way, one at least, onto an empty background."""
    height, width = pixels.shape[1:]
    padded = np.pad(pixels, ((0, 0), (2, 2), (2, 2)))
    moves = rng.choice(SHIFTS, size=len(pixels))
    return np.stack(
        [
            image[2 - down : 2 - down + height, 2 - right : 2 - right + width]
            for image, (down, right) in zip(padded, moves, strict=True)
        ]
    )


def record(recipe: Recipe, digits: Digits) -> list[dict[str, float]]:
    """Log a run's epochs as far as it is logged; return the others."""
    directory = RECORDED / "runs" / recipe.full_name
    directory.mkdir(parents=True)
    config = json.dumps(recipe.config, indent=1) + "\n"
    (directory / "config.json").write_text(config, encoding="utf-8")
    epochs = train(recipe, digits)
    writer = open_writer(directory)
    for scalars in islice(epochs, recipe.epochs_logged):
        for tag, value in scalars.items():
            writer.add_scalar(tag, value, int(scalars["epoch"]) * STEPS_PER_EPOCH)
    writer.close()
    remove_host_name(directory)
    return list(epochs)


def train(recipe: Recipe, digits: Digits) -> Iterator[dict[str, float]]:
    """Yield what is logged at the end of each planned epoch."""
    network = new_network(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    training = digits.training
    for epoch in range(1, EPOCHS + 1):
        pixels = shifted(training.pixels, rng) if recipe.family == "shifted" else training.pixels
        network.partial_fit(inputs(pixels), training.labels, classes=np.arange(10))
        yield {"epoch": epoch, "train/loss": network.loss_, **scores(network, digits)}


def scores(network: Network, digits: Digits) -> dict[str, float]:
    """Return the network's loss and accuracies on images it was not trained on."""
    validation, test = digits.validation, digits.test
    likelihoods = network.predict_proba(inputs(validation.pixels))
    of_truth = likelihoods[np.arange(len(validation.labels)), validation.labels]
    guesses = network.predict_proba(inputs(test.pixels)).argmax(axis=1)
    neighbours = nearest_training_labels(network, digits)
    return {
        "val/loss": float(-np.log(of_truth).mean()),
        "val/accuracy": accuracy(likelihoods.argmax(axis=1), validation),
        "knn/top1": accuracy(neighbours, validation),
        "test/shifted_accuracy": accuracy(guesses, test),
    }


def accuracy(guesses: "Integers", images: Images) -> float:
    """Return the share of guesses that are right."""
    return np.count_nonzero(guesses == images.labels) / len(guesses)


def nearest_training_labels(network: Network, digits: Digits) -> "Integers":
    """Return the label of the training image nearest to each validation image."""
    known = hidden_layer(network, digits.training.pixels)
    asked = hidden_layer(network, digits.validation.pixels)
    distances = (known**2).sum(axis=1) - 2 * asked @ known.T
    return digits.training.labels[distances.argmin(axis=1)]


def hidden_layer(network: Network, pixels: "Floats") -> "Floats":
    """Return the activations of the hidden layer, one row per image."""
    return np.maximum(inputs(pixels) @ network.coefs_[0] + network.intercepts_[0], 0)


def inputs(pixels: "Floats") -> "Floats":
    """Return what the network sees, one row per image."""
    return pixels.reshape(len(pixels), -1) - BRIGHTNESS


def new_network(seed: int) -> Network:
    """Return an untrained network; plain SGD at a constant rate, so one epoch is like another."""
    neural_network = import_module("sklearn.neural_network")
    network = neural_network.MLPClassifier(
        hidden_layer_sizes=(HIDDEN_UNITS,),
        solver="sgd",
        momentum=0.0,
        alpha=0.0,
        batch_size=BATCH_SIZE,
        learning_rate_init=LEARNING_RATE,
        random_state=seed,
    )
    return cast("Network", network)  # scikit-learn has no types


def open_writer(directory: Path) -> Writer:
    """Return a writer into a run's directory."""
    tensorboard_x = import_module("tensorboardX")
    return cast("Writer", tensorboard_x.SummaryWriter(str(directory)))  # its methods have no types


def remove_host_name(directory: Path) -> None:
    """Rename the event file that tensorboardX named after the machine."""
    (written,) = directory.glob("events.out.tfevents.*")
    started = written.name.split(".")[3]
    written.rename(directory / f"events.out.tfevents.{started}.recorded")


if __name__ == "__main__":
    main()
