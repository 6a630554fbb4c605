"""Save small checkpoints with the real torch and safetensors, in every format torch has had.

Run with a Python that has torch 2.13 and safetensors: `python tests/record/checkpoints.py`. It
replaces `tests/recorded/checkpoints`; `as_torch_loads_them.json` there says what torch itself
finds in each file.
"""

import io
import json
import pickle
import shutil
import struct
import sys
import tarfile
import types
from importlib import import_module
from pathlib import Path
from typing import Any, cast  # torch is not installed where this is type-checked

RECORDED = Path(__file__).parents[1] / "recorded/checkpoints"
EPOCH, STEP = 3, 1200
WANDB_PATH = "vision/resnet50/k3v9x1qd"
MLFLOW_ID = "0f6bd1c8b7c84f9b8b9d8c0d7a1f2e34"


def main() -> None:
    """Write every file, then what torch loads from each."""
    torch: Any = import_module("torch")
    shutil.rmtree(RECORDED, ignore_errors=True)
    (RECORDED / "output/checkpoint-40").mkdir(parents=True)
    torch.manual_seed(0)
    saved = _training(torch)
    torch.save(saved, RECORDED / "zip.pt")
    torch.save(saved, RECORDED / "protocol_5.pt", pickle_protocol=5)
    torch.save(saved, RECORDED / "legacy.pth", _use_new_zipfile_serialization=False)
    _oldest(torch, RECORDED / "tar.pth")
    torch.save(_lightning(torch), RECORDED / "epoch=3-step=1200.ckpt")
    torch.save(torch.nn.Linear(2, 2).state_dict(), RECORDED / "model_only.pth")
    _safetensors(torch)
    _trainer(torch)
    found = {name: _loaded(torch, RECORDED / name) for name in sorted(_names())}
    written = json.dumps(found, indent=1, sort_keys=True)
    (RECORDED / "as_torch_loads_them.json").write_text(f"{written}\n")


def _training(torch: Any) -> dict[str, object]:  # Any: see above
    """Return what a training script saves: model, optimizer, epoch, step and the run's path."""
    model = torch.nn.Linear(2, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epoch": EPOCH,
        "global_step": STEP,
        "best": 0.75,
        "wandb_run_path": WANDB_PATH,
    }


def _lightning(torch: Any) -> dict[str, object]:  # Any: see above
    """Return the outermost keys that Lightning's Trainer saves."""
    return {
        "epoch": EPOCH,
        "global_step": STEP,
        "pytorch-lightning_version": "2.5.0",
        "state_dict": torch.nn.Linear(2, 2).state_dict(),
        "loops": {"fit_loop": {"epoch_progress": {"total": {"ready": 4, "completed": 3}}}},
        "callbacks": {},
        "optimizer_states": [],
        "lr_schedulers": [],
        "hparams_name": "kwargs",
        "hyper_parameters": {"lr": 0.1, "logger": {"mlflow_run_id": MLFLOW_ID}},
    }


def _safetensors(torch: Any) -> None:  # Any: see above
    save_file: Any = import_module("safetensors.torch").save_file  # Any: as torch
    metadata = {"epoch": "3", "step": "1200", "neptune_run_id": "RES-12", "format": "pt"}
    model = torch.nn.Linear(2, 2).state_dict()
    save_file(model, RECORDED / "model.safetensors", metadata=metadata)
    model_only = RECORDED / "output/checkpoint-40/model.safetensors"
    save_file(model, model_only, metadata={"format": "pt"})


def _trainer(torch: Any) -> None:  # Any: see above
    """Write what Trainer keeps beside the model: its state, and its arguments as an object."""
    directory = RECORDED / "output/checkpoint-40"
    rows = [{"epoch": at / 20, "loss": 2.0 / at, "step": at} for at in (10, 20, 30, 40)]
    state = {"epoch": 2.0, "global_step": 40, "max_steps": 100, "log_history": rows}
    (directory / "trainer_state.json").write_text(json.dumps(state, indent=1))
    module = types.ModuleType("transformers.training_args")
    arguments = type("TrainingArguments", (), {"__module__": module.__name__})
    vars(module)["TrainingArguments"] = arguments
    sys.modules["transformers"] = types.ModuleType("transformers")
    sys.modules[module.__name__] = module
    made = arguments()
    vars(made).update(output_dir="output", run_name="warm-start", report_to=["wandb"])
    torch.save(made, directory / "training_args.bin")


def _oldest(torch: Any, path: Path) -> None:  # Any: see above
    """Write the tar that torch saved before 0.2; only torch's reader of it still exists."""
    weights = torch.ones(2)
    with tarfile.open(path, "w:", format=tarfile.PAX_FORMAT) as tar:
        for name, content in (
            ("sys_info", pickle.dumps({"little_endian": True}, 2)),
            ("pickle", _with_tensor_ids({"epoch": EPOCH, "step": STEP, "weights": weights})),
            ("tensors", _tensors(torch)),
            ("storages", _storages(torch)),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def _with_tensor_ids(saved: dict[str, object]) -> bytes:
    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> str | None:
            return "1" if obj is saved["weights"] else None

    written = io.BytesIO()
    Pickler(written, 2).dump(saved)
    return written.getvalue()


def _tensors(torch: Any) -> bytes:  # Any: see above
    """Return one tensor of shape (2,): its key, its storage and its layout."""
    key = pickle.dumps(1, 2) + pickle.dumps((1, 2, torch.FloatTensor), 2)
    return key + struct.pack("<iiqqq", 1, 0, 2, 1, 0)


def _storages(torch: Any) -> bytes:  # Any: see above
    """Return one storage of two floats, and no views."""
    key = pickle.dumps(1, 2) + pickle.dumps((2, "cpu", torch.FloatStorage), 2)
    return key + struct.pack("<qff", 2, 1.0, 1.0) + pickle.dumps([], 2)


def _names() -> list[str]:
    kinds = ("*.pt", "*.pth", "*.ckpt", "output/*/*.bin")
    files = [path for kind in kinds for path in RECORDED.glob(kind)]
    return [path.relative_to(RECORDED).as_posix() for path in files]


def _loaded(torch: Any, path: Path) -> dict[str, object]:  # Any: see above
    """Return the outermost keys that torch finds, and the plain values among them."""
    loaded = torch.load(path, weights_only=False)
    held = cast("object", loaded)
    top = cast("dict[str, object]", held if isinstance(held, dict) else vars(held))
    plain = {key: value for key, value in top.items() if isinstance(value, str | int | float)}
    return {"keys": list(top), "plain": plain}


if __name__ == "__main__":
    main()
