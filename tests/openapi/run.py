"""Tries the debug hub by its own OpenAPI document: run.py [short|long] [--only PATHS] [--seed NUMBER].

First the refusals that the document promises, one by one; then what schemathesis makes of it. Each failure is printed with the curl that
repeats it. Ends with "N passed, N failed", and a code that says so.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import promises

from hub import Hub

HERE = pathlib.Path(__file__).resolve().parent
# How many requests a generator makes for each operation in each phase, and the seconds after which it is stopped whatever it does.
LENGTHS = {"short": (6, 600), "long": (150, 3600)}
# The same requests each time, as far as the hub's own new ids let them be.
SEED = 20


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("length", nargs="?", choices=LENGTHS, default="short")
    arguments.add_argument("--only", help="a regular expression of paths, for the generator")
    arguments.add_argument("--seed", type=int, default=SEED)
    asked = arguments.parse_args()
    # A run that is told to stop takes its hub with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Hub() as hub:
        run = hub.prepare()
        passed, failed = kept(hub)
        more_passed, more_failed = generated(hub, run, asked)
        if "panicked" in hub.logged():
            print(hub.logged())
            more_failed += 1
    print(f"{passed + more_passed} passed, {failed + more_failed} failed")
    sys.exit(1 if failed + more_failed else 0)


def kept(hub):
    """The promises: how many held, and how many did not."""
    began = time.monotonic()
    passed, failures = promises.keep(hub)
    print("\n\n".join(failures))
    print(
        f"promises: {passed} held, {len(failures)} did not, in {time.monotonic() - began:.0f} s", flush=True
    )
    return passed, len(failures)


def generated(hub, run, asked):
    """What schemathesis makes of the document: how many operations were as it says, and how many not."""
    examples, seconds = LENGTHS[asked.length]
    counted = pathlib.Path(hub.folder, "counted.json")
    own = {
        "CONTRACT_DEVICE_KEY": run.pop("key"),
        "CONTRACT_RUN": json.dumps(run | {"base": hub.base, "seed": asked.seed, "counted": str(counted)}),
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += [
        "run",
        f"{hub.base}/api/schema/",
        "--no-color",
        f"--seed={asked.seed}",
        f"--max-examples={examples}",
    ]
    if asked.only:
        command.append(f"--include-path-regex={asked.only}")
    began = time.monotonic()
    try:
        code = subprocess.run(
            command, cwd=hub.folder, env=os.environ | own, timeout=seconds, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        print(f"schemathesis was stopped after {seconds} s")
        return 0, 1
    found = json.loads(counted.read_text(encoding="utf-8"))
    well_formed, taken = found["well_formed"], found["taken"]
    print(f"{found['cases']} cases in {time.monotonic() - began:.0f} s; statuses: {found['statuses']}")
    print(
        f"of {well_formed} well-formed requests {taken} were answered 2xx: {100 * taken / max(1, well_formed):.0f} %"
    )
    failed = len(found["failed"]) or (1 if code else 0)
    return len(found["asked"]) - len(found["failed"]), failed


if __name__ == "__main__":
    main()
