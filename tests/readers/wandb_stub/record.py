"""Records what the real wandb sends of a run, as a server would keep it.

Run as `python -m tests.readers.wandb_stub.record` in the project's directory, this writes
`recorded_run.json` anew. What names the machine it ran on is left out.
"""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

RECORD = Path(__file__).with_name("recorded_run.json")
KEPT = ("python", "os", "startedAt", "program", "git", "cpu_count")
PROJECT = {"id": "UHI=", "name": "imagenet", "entity": {"id": "RW4=", "name": "vision"}}
WRITER = """
import math, wandb
run = wandb.init(entity="vision", project="imagenet", id="abc123", name="resnet50/seed1",
                 group="resnet50", tags=["recorded"], config={"seed": 1, "optimizer": {"lr": 0.125}})
run.define_metric("epoch")
run.define_metric("val/*", step_metric="epoch", summary="max")
run.define_metric("train/loss", summary="min")
for epoch in range(3):
    for step in range(4):
        run.log({"train/loss": math.nan if (epoch, step) == (1, 2) else 4.0 - epoch - step / 8})
    run.log({"epoch": epoch})
    run.log({"val/top1": 30.5 + epoch, "timing": {"data": 0.25, "step": 0.5},
             "weights": wandb.Histogram([1, 2]), "note": "an epoch", "wide": math.inf})
run.summary["test/top1"] = 33.25
run.finish()
"""


class Receiver(ThreadingHTTPServer):
    """A server that takes what a writing run sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: dict[str, Any] = {"rows": []}  # Any: JSON

    def take(self, variables: dict[str, Any]) -> None:  # Any: JSON
        """Keep what a run says of itself; the later word wins."""
        named = ("config", "summaryMetrics", "displayName", "groupName", "tags", "commit")
        self.sent |= {name: variables[name] for name in named if variables.get(name)}


class _Handler(BaseHTTPRequestHandler):
    server: Receiver  # pyright: ignore[reportIncompatibleVariableOverride] # made by `main`

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the parent's name
        """Write no log."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        sent = json.loads(body or b"{}")
        files: dict[str, Any] = sent.get("files") or {}
        if "wandb-history.jsonl" in files:
            rows: list[str] = files["wandb-history.jsonl"]["content"]
            self.server.sent["rows"] += map(json.loads, rows)
        if "wandb-summary.json" in files:
            self.server.sent["summaryMetrics"] = files["wandb-summary.json"]["content"][-1]
        data = self._answer(sent.get("query", ""), sent.get("variables") or {})
        answer = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_PUT(self) -> None:
        self.do_POST()

    def _answer(self, query: str, variables: dict[str, Any]) -> object:  # Any: JSON
        if "upsertBucket" in query:
            self.server.take(variables)
            bucket = {"id": "Um46", "name": "abc123", "project": PROJECT, "historyLineCount": 0}
            return {"upsertBucket": {"bucket": bucket, "inserted": True}}
        if "createRunFiles" in query:
            return {"createRunFiles": {"runID": "Um46", "uploadHeaders": [], "files": []}}
        viewer = {"id": "u1", "entity": "vision", "username": "a-user", "flags": "{}"}
        return {"viewer": viewer, "model": None, "entity": None, "serverInfo": None}


def main() -> None:
    """Record a run."""
    with Receiver() as receiver, tempfile.TemporaryDirectory() as directory:
        Thread(target=receiver.serve_forever, daemon=True).start()
        _write(directory, f"http://127.0.0.1:{receiver.server_address[1]}")
        receiver.shutdown()
        sent = receiver.sent
    sent["config"] = json.loads(sent["config"])
    records = sent["config"]["_wandb"]["value"].pop("e").values()
    environment = {key: value for one in records for key, value in one.items() if key in KEPT}
    environment |= {"program": "train.py", "os": environment["os"].partition("-")[0]}
    sent["config"]["_wandb"]["value"]["e"] = {"0123": environment}
    sent["summaryMetrics"] = json.loads(sent["summaryMetrics"])
    for kept in (*sent["rows"], sent["summaryMetrics"]):
        kept.pop("weights", None)
    RECORD.write_text(json.dumps(sent, indent=1) + "\n")


def _write(directory: str, address: str) -> None:
    Path(directory, "train.py").write_text(WRITER)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    remote = ["git", "remote", "add", "origin", "https://github.com/example/vision.git"]
    for command in (["git", "init", "-q"], remote, [*git, "commit", "-qm", "x", "--allow-empty"]):
        subprocess.run(command, cwd=directory, check=True)
    own = {"WANDB_BASE_URL": address, "WANDB_API_KEY": "0" * 40, "WANDB_ERROR_REPORTING": "false"}
    environment = {**os.environ, **own, "HOME": directory}
    subprocess.run([sys.executable, "train.py"], cwd=directory, env=environment, check=True)


if __name__ == "__main__":
    main()
