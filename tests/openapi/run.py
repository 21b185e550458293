"""Tries the debug hub by its own OpenAPI document: run.py [short|long].

Ends with "N passed, N failed" and a code that says so; each failure is printed with the curl that repeats it.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from hub import Hub

HERE = pathlib.Path(__file__).resolve().parent
# How many requests for each operation and phase, and seconds after which a run is stopped whatever it does.
LENGTHS = {"short": (8, 240), "long": (150, 3600)}
SEED = 20


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("length", nargs="?", choices=LENGTHS, default="short")
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--only", help="a regular expression of paths")
    asked = arguments.parse_args()
    with Hub() as hub:
        sys.exit(try_document(hub, asked))


def try_document(hub, asked):
    examples, seconds = LENGTHS[asked.length]
    counted = pathlib.Path(hub.folder, "counted.json")
    run = hub.prepare()
    own = {
        "CONTRACT_DEVICE_KEY": run.pop("key"),
        "CONTRACT_RUN": json.dumps(run | {"base": hub.base, "seed": asked.seed, "counted": str(counted)}),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{hub.base}/api/schema/", "--no-color", f"--seed={asked.seed}", f"--max-examples={examples}"]
    if asked.only:
        command += [f"--include-path-regex={asked.only}"]
    began = time.monotonic()
    ended = subprocess.run(command, cwd=hub.folder, env=os.environ | own, timeout=seconds, check=False)
    print(f"{time.monotonic() - began:.0f} s")
    print(counted.read_text())
    return ended.returncode


if __name__ == "__main__":
    main()
