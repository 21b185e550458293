"""The real hub with the demo's restaurant, in a folder of its own on loopback; nothing of it is left behind."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

from restaurant import Restaurant

PROJECT = pathlib.Path(__file__).resolve().parents[2]
# A debug build on a busy machine folds and listens well within this.
START_S = 30
# The hub promises to stop within five seconds.
STOP_S = 8
# The run's own account, so that nothing that is tried on the demo's people ends the run's own rights.
USERNAME = "contract"
PASSWORD = "contract-of-the-hub"
# How long a token is gone on with.
TOKEN_S = 420


class Api:
    """Asks a hub."""

    def __init__(self, base=None):
        self.base = base
        self.token = None
        self.signed_in_s = 0.0

    def ask(self, method, path, body=None, headers=None):
        """The answer, which must be good."""
        everything = {"content-type": "application/json", **(headers or {})}
        if self.token and "authorization" not in everything:
            everything["authorization"] = f"Bearer {self.token}"
        everything = {name: value for name, value in everything.items() if value}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=everything)
        with urllib.request.urlopen(request, timeout=START_S) as answer:
            return json.load(answer)

    def rows(self, resource, query="page_size=500"):
        """A page of a resource."""
        return self.ask("GET", f"/api/{resource}/?{query}")["results"]

    def ids(self, path, query="page_size=50"):
        """What can stand in an address such as `/api/orders/{id}/`, by the list that is above it; nothing where there is none."""
        above, _, rest = path.partition("{")
        try:
            rows = self.ask("GET", f"{above}?{query}").get("results", [])
        except urllib.error.HTTPError:
            return []
        names = (rest.partition("}")[0], "id", "number", "name", "day")
        return [str(next(row[name] for name in names if name in row)) for row in rows]

    def sign_in(self, username=USERNAME, password=PASSWORD):
        """Goes on as somebody."""
        credentials = {"username": username, "password": password}
        self.token = self.ask("POST", "/api/token/", credentials, {"authorization": ""})["access"]
        self.signed_in_s = time.monotonic()

    def stay_signed_in(self):
        """Signs in again in good time: a token is good for a quarter of an hour."""
        if self.token is not None and time.monotonic() - self.signed_in_s < TOKEN_S:
            return
        try:
            self.sign_in()
        except urllib.error.HTTPError as error:
            # Somebody has guessed at this account, and it waits for a while: the token before is still good.
            if error.code != 429 or self.token is None:
                raise


class Hub(Api):
    """Runs inside a `with`; `base` is where it answers."""

    def __init__(self):
        super().__init__()
        program = os.environ.get("OUTLET_HUB_BIN", PROJECT / "target/debug/outlet-hub")
        if not pathlib.Path(program).exists():
            raise SystemExit(f"{program} is missing: run `cargo build -p outlet-hub`, or set OUTLET_HUB_BIN")
        self.folder = tempfile.mkdtemp(prefix="outlet-hub-openapi-")
        # Nothing of the machine's own configuration.
        ours = {name: value for name, value in os.environ.items() if not name.startswith("OUTLET_HUB_")}
        ours |= {"OUTLET_HUB_DISCOVERY__ENABLED": "false", "OUTLET_HUB_HTTP__REQUESTS_PER_SECOND_MAX": "0"}
        where = [f"--{port}=127.0.0.1:0" for port in ("http", "https", "socketio")]
        arguments = [
            program,
            "--config",
            os.devnull,
            "--data-dir",
            f"{self.folder}/data",
            "serve",
            "--demo",
            *where,
        ]
        self.log = open(f"{self.folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            arguments, env=ours, stdout=subprocess.PIPE, stderr=self.log, text=True
        )

    def __enter__(self):
        try:
            self._wait_for_address()
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def logged(self):
        """What it has logged."""
        return pathlib.Path(f"{self.folder}/log").read_text(encoding="utf-8")

    def prepare(self):
        """Opens the run's own account, pairs its own device and the restaurant's doors; answers what the run must know."""
        self.sign_in("owner", "demo-owner")
        user = self.ask("POST", "/api/users/", {"username": USERNAME, "password": PASSWORD, "role": "owner"})
        self.sign_in()
        restaurant = Restaurant(self)
        restaurant.open()
        paired = restaurant.pair("Contract", "till")
        return {"user": user["id"], "device": paired["device"]["id"], "key": paired["key"]}

    def _wait_for_address(self):
        # A hub that hangs at its start says nothing more, and a read would wait for ever.
        alarm = threading.Timer(START_S, self.process.kill)
        alarm.start()
        for line in self.process.stdout:
            found = re.search(r"Start {4}(http://127\.0\.0\.1:\d+)/", line)
            if found:
                self.base = found[1]
            if "Passwords:" in line:
                break
        alarm.cancel()
        if self.base is None:
            raise SystemExit(f"the hub does not start:\n{self.logged()}")

    def _wait_until_ready(self):
        until = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(self.base + "/readyz", timeout=START_S).close()
                return
            except urllib.error.URLError:
                if time.monotonic() > until:
                    raise SystemExit(f"the hub is not ready:\n{self.logged()}") from None
                time.sleep(0.05)
