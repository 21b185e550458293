"""What the document promises of requests that a generator does not make: the refusals of each operation, one by one, and the ways in
which rights end, each with rights of its own."""

import json
import re
import uuid

import jsonschema_rs
import requests
from requests_as_read import Reader
from restaurant import PICTURE

# Larger than any body that is taken.
TOO_LARGE = b'{"name": "' + b"x" * (32 << 20) + b'"}'
WAIT_S = 60


class Promises:
    """Asks, compares with the document, and counts."""

    def __init__(self, hub):
        self.hub = hub
        self.document = hub.ask("GET", "/api/schema/")
        self.reader = Reader(self.document)
        self.passed = 0
        self.failures = []

    def operations(self):
        """Every operation, with its path and method."""
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                yield path, method.upper(), operation

    def ask(self, path, method, wanted, what, **sent):
        """Asks; the answer must have the status that is wanted, and be as the document says."""
        headers = {"authorization": f"Bearer {self.hub.token}"} | sent.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        url = self.hub.base + re.sub(r"\{\w+\}", sent.pop("id", str(uuid.uuid4())), path)
        try:
            answer = requests.request(
                method, url, headers=headers, timeout=WAIT_S, allow_redirects=False, **sent
            )
        except requests.RequestException as error:
            self.fail(path, method, what, f"no answer: {error}", headers, url, sent)
            return None
        wrong = list(self.differences(path, method, wanted, answer))
        if wrong:
            self.fail(path, method, what, "\n    ".join(wrong), headers, url, sent)
        else:
            self.passed += 1
        return answer

    def fail(self, path, method, what, wrong, headers, url, sent):
        """Notes a failure, with what repeats it."""
        shown = "".join(f" -H '{name}: {value}'" for name, value in headers.items())
        body = sent.get("data", json.dumps(sent["json"]) if "json" in sent else "")
        body = body.decode() if isinstance(body, bytes) else body
        shown += f" --data-raw '{body}'" if body and len(body) < 2000 else f" # and {len(body)} bytes"
        self.failures.append(f"{method} {path}: {what}\n    {wrong}\n    curl -X {method}{shown} '{url}'")

    def differences(self, path, method, wanted, answer):
        """In what an answer is not what the document says."""
        said = answer.text[:500]
        if answer.status_code not in wanted:
            yield f"{answer.status_code} instead of {' or '.join(map(str, sorted(wanted)))}: {said}"
            return
        if answer.status_code == 405:
            # A method that an operation does not have is in no operation's answers.
            yield from self.of_schema({"$ref": "#/components/schemas/Error"}, answer)
            if "allow" not in answer.headers:
                yield "405 without Allow"
            return
        operation = self.document["paths"][path][method.lower()]
        response = operation["responses"].get(str(answer.status_code))
        if response is None:
            yield f"{answer.status_code} is not documented: {said}"
            return
        response = self.reader.resolve(response)
        for name, header in response.get("headers", {}).items():
            if header.get("required") and name not in answer.headers:
                yield f"{answer.status_code} without {name}"
        kind = answer.headers.get("content-type", "").split(";")[0]
        content = response.get("content")
        if content is None:
            if answer.content:
                yield f"{answer.status_code} with a body that is not documented: {said}"
        elif kind not in content:
            yield f"{answer.status_code} of the kind {kind!r}: {said}"
        elif kind == "application/json":
            yield from self.of_schema(content[kind].get("schema", {}), answer)

    def of_schema(self, schema, answer):
        """In what a body is not of a schema."""
        validator = jsonschema_rs.validator_for(
            schema | {"components": self.document["components"]}, validate_formats=True
        )
        for error in validator.iter_errors(answer.json()):
            yield f"{answer.status_code} {error.message}: {answer.text[:500]}"

    def example(self, schema):
        """A small value that a schema allows; what is named is not there."""
        kind = self.reader.kinds(schema)[0]
        if kind.get("type") == "null":
            kind = self.reader.kinds(schema)[-1]
        types = kind.get("type", "object")
        types = types if isinstance(types, list) else [types]
        if "enum" in kind:
            return kind["enum"][0]
        if "object" in types:
            fields, required = self.reader.fields(kind)
            return {name: self.example(fields[name]) for name in sorted(required)}
        if "array" in types:
            return [self.example(kind["items"])] * kind.get("minItems", 0)
        if "integer" in types:
            return kind.get("minimum", 1)
        if "boolean" in types:
            return True
        if kind.get("format") == "uuid":
            return str(uuid.uuid4())
        # Digits, letters and a length that most patterns take.
        texts = ["x" * max(1, kind.get("minLength", 1)), "1234", "a@b", "12:00", "2026-01-31", ""]
        return next((text for text in texts if re.search(kind.get("pattern", ""), text)), "x")


# Addresses that end with a number instead of an id.
NUMBERED = {"/api/outlets/{id}/"}


def refusals(promises):
    """Each operation's own."""
    for path, method, operation in promises.operations():
        is_for_some = bool(operation.get("security"))
        body = operation.get("requestBody")
        schema = body["content"].get("application/json", {}).get("schema") if body else None
        sent = {"json": promises.example(schema)} if schema else {"data": PICTURE} if body else {}
        # A body that is no JSON says what it is in a header, which goes with each request.
        kind = {} if schema or not body else {"content-type": "image/png"}
        if is_for_some:
            nobody = {"authorization": None}
            promises.ask(path, method, {401}, "nobody is signed in", headers=kind | nobody, **sent)
            forged = {"authorization": "Bearer e30.e30.e30"}
            promises.ask(path, method, {401}, "a token that is none", headers=kind | forged, **sent)
        promises.ask(
            path, method, {406}, "an answer in XML", headers=kind | {"accept": "application/xml"}, **sent
        )
        if "{" in path:
            known = {404} | ({401} if operation.get("security") == {"device": []} else set())
            promises.ask(path, method, known, "an id of nothing", headers=kind, **sent)
            promises.ask(path, method, known, "an id that is none", id="%20%22", headers=kind, **sent)
        if schema:
            # Of what is not there a number says so at once; of what is, the body is looked at.
            there = {"id": promises.hub.ids(path)[0]} if path in NUMBERED else {}
            broken = {"data": b'{"name": ', "headers": {"content-type": "application/json"}}
            promises.ask(path, method, {400}, "JSON that breaks off", **broken, **there)
            promises.ask(path, method, {400}, "a list instead of an object", json=[1], **there)
            plain = {"content-type": "text/plain"}
            promises.ask(path, method, {415}, "text", data=b"name=1", headers=plain, **there)
            large = {"data": TOO_LARGE, "headers": {"content-type": "application/json"}}
            promises.ask(path, method, {413}, "more than is taken", **large, **there)


def methods(promises):
    """The methods that a path does not have."""
    for path, operations in promises.document["paths"].items():
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if method.lower() not in operations:
                promises.ask(path, method, {405}, "a method that it does not have")


def reads(promises):
    """Each list and each thing that is there; the same again is not sent again."""
    for path, method, operation in promises.operations():
        if (
            method != "GET"
            or {"device": []} in operation.get("security", [])
            and len(operation["security"]) == 1
        ):
            continue
        sent = {}
        if "{" in path:
            ids = promises.hub.ids(path)
            if not ids:
                continue
            sent["id"] = ids[0]
        answer = promises.ask(path, method, {200}, "it is there", **sent)
        if answer is not None and "etag" in answer.headers:
            held = {"if-none-match": answer.headers["etag"]}
            promises.ask(path, method, {200, 304}, "it is held", headers=held, **sent)


def rights_that_end(promises):
    """Signing out, a refresh token that comes twice, an account that is closed, a device that is revoked."""
    hub = promises.hub
    who = {"username": "goes-again", "password": "goes-again-soon", "role": "cashier"}
    user = promises.ask("/api/users/", "POST", {201}, "an account", json=who).json()
    credentials = {"username": who["username"], "password": who["password"]}

    def signed_in():
        return promises.ask("/api/token/", "POST", {200}, "signing in", json=credentials).json()

    tokens = signed_in()
    once = {"refresh": tokens["refresh"]}
    promises.ask("/api/token/refresh/", "POST", {200}, "a refresh token", json=once)
    promises.ask("/api/token/refresh/", "POST", {401}, "the same refresh token again", json=once)
    mine = {"authorization": f"Bearer {tokens['access']}"}
    promises.ask("/api/products/", "GET", {401}, "a session that has ended", headers=mine)
    tokens = signed_in()
    out = {"refresh": tokens["refresh"]}
    promises.ask("/api/token/blacklist/", "POST", {200}, "signing out", json=out)
    promises.ask("/api/token/blacklist/", "POST", {401}, "signing out twice", json=out)
    tokens = signed_in()
    mine = {"authorization": f"Bearer {tokens['access']}"}
    promises.ask("/api/users/", "GET", {403}, "a cashier looks at accounts", headers=mine)
    address = "/api/users/{id}/"
    promises.ask(address, "PATCH", {200}, "an account is closed", id=user["id"], json={"is_active": False})
    promises.ask("/api/products/", "GET", {401}, "an account that is closed", headers=mine)
    promises.ask("/api/token/", "POST", {401}, "signing in to a closed account", json=credentials)

    wish = {"name": "Goes again", "role": "till"}
    code = promises.ask("/api/pairing-codes/", "POST", {201}, "a code", json=wish).json()["code"]
    paired = promises.ask("/api/devices/pair/", "POST", {201}, "a device", json={"code": code}).json()
    promises.ask("/api/devices/pair/", "POST", {400}, "a code that was used", json={"code": code})
    device = {"authorization": None, "x-device-key": paired["key"]}
    promises.ask("/api/devices/me/", "GET", {200}, "a device asks who it is", headers=device)
    person = promises.hub.rows("staff")[0]["id"]
    wrong = {"user": person, "pin": "99999999"}
    promises.ask("/api/token/pin/", "POST", {401}, "a wrong PIN", headers=device, json=wrong)
    address = "/api/devices/{id}/revoke/"
    promises.ask(address, "POST", {200}, "a device is revoked", id=paired["device"]["id"])
    promises.ask("/api/devices/me/", "GET", {401}, "a device that was revoked", headers=device)
    assert hub.token, "the run itself is still signed in"


def keep(hub):
    """Tries all of them; answers how many held, and what did not."""
    promises = Promises(hub)
    for part in (refusals, methods, reads, rights_that_end):
        part(promises)
    return promises.passed, promises.failures
