"""What schemathesis must know of the hub that its document cannot say.

Two things: ids of what is there, so that a request reaches the ledger instead of ending at "there is no such product"; and which
refusals of a well-formed request, and which acceptances of another, are as they shall be. Nothing else is passed over.
"""

import atexit
import collections
import json
import os
import random
import re
import urllib.error
import uuid

import jsonschema_rs
import schemathesis
from requests_as_read import Reader
from restaurant import PICTURE, Restaurant
from schemathesis.core.parameters import ParameterLocation

from hub import Api

RUN = json.loads(os.environ["CONTRACT_RUN"])
# How often an id is one that is there; the others name nothing, and must be answered so.
REAL = 0.8
# Requests after which the ids of what is there are asked for again.
FRESH_FOR = 60

# Fields that are weighed against what is there, or against one another, in ways that a schema has no word for: by the path and
# the field. Fields that name something (`x-refers-to` in the document) need no line here.
PROMOTION = {
    "kind",
    "percent_bp",
    "amount",
    "buy_quantity",
    "get_quantity",
    "parts",
    "scope",
    "categories",
    "products",
    "trigger",
    "code",
    "days",
    "start_time",
    "end_time",
    "start_date",
    "end_date",
}
WEIGHED = {
    # A total that is too large to be kept exactly, an order that is full, a line that is there already.
    "/api/orders/": {"items", "id", "expected_total", "codes", "priced_at"},
    "/api/orders/{id}/items/": {"items", "id"},
    "/api/order-items/": {"items", "id"},
    # Only from where the order is.
    "/api/orders/{id}/": {"status", "table", "notes", "order_type"},
    "/api/order-items/{id}/": {"status"},
    # No more than is due, no less than is asked, and only cash gives change.
    "/api/payments/": {"amount", "tendered"},
    # At least as many as must be picked.
    "/api/modifier-groups/": {"max_select", "min_select"},
    "/api/modifier-groups/{id}/": {"max_select", "min_select"},
    # A code that was given out, and is still good.
    "/api/devices/pair/": {"code"},
    # One of its kind; with a password, a PIN, or both.
    "/api/users/": {"username", "password"},
    "/api/users/{id}/": {"username"},
    # A picture that is one. A form whose fields have names beyond ASCII is none, and the generator adds such.
    "/api/products/{id}/image/": {"image", "parse_error"},
    # One of the two, and not more than there is.
    "/api/orders/{id}/discount/": {"percent_bp", "amount"},
    # What goes with each kind, scope and trigger; days that follow each other; a code that no other has.
    "/api/promotions/": PROMOTION,
    "/api/promotions/{id}/": PROMOTION,
    # Codes of promotions that run now, and a moment of this business day.
    "/api/orders/{id}/promotions/": {"codes"},
    # What is fixed once something was sold; a zone that there is.
    "/api/outlets/{id}/": {"number", "currency", "currency_exponent", "time_zone"},
    "/api/products/": {"sku"},
    "/api/products/{id}/": {"sku"},
}

UNDER_WAY = "status=open,sent,preparing,ready,served&page_size=10"
QUERIES = {"orders": UNDER_WAY, "order-items": UNDER_WAY}
# What need not be said, and seldom fits when a generator says it.
SELDOM = {"expected_total", "amount", "tendered", "sku"}

chance = random.Random(int(RUN["seed"]))


class Outlet:
    """What is there, asked for now and then."""

    def __init__(self):
        self.api = Api(RUN["base"])
        self.restaurant = Restaurant(self.api)
        self.ids = {}
        self.asked = 0

    def some(self, resource, parameter="id"):
        """An id of a resource, or none where there is none. Never the run's own rights."""
        found = self.all(resource, parameter)
        return chance.choice(found) if found else None

    def all(self, resource, parameter="id"):
        """The ids of what a resource has; of orders, those with which something can still be done."""
        self.asked += 1
        if self.asked % FRESH_FOR == 1:
            self.ids.clear()
            self.api.stay_signed_in()
            self.restaurant.menu(is_fresh=True)
        if resource not in self.ids:
            if resource == "orders" and self.restaurant.menu():
                self.place()
            ids = self.api.ids(f"/api/{resource}/{{{parameter}}}/", QUERIES.get(resource, "page_size=50"))
            self.ids[resource] = [each for each in ids if each not in OWN]
        return self.ids[resource]

    def place(self):
        """One more order, unless what the menu had a moment ago has been taken off it since."""
        try:
            self.restaurant.place()
        except urllib.error.HTTPError as error:
            if error.code not in (400, 409):
                raise
            self.restaurant.menu(is_fresh=True)

    def sellable(self):
        """A product with modifiers that it can be had with, or none."""
        self.all("orders")
        menu = self.restaurant.menu()
        return chance.choice(menu) if menu else None


OWN = {RUN["user"], RUN["device"]}
outlet = Outlet()
counted = collections.Counter(cases=0, well_formed=0, taken=0)
statuses = collections.Counter()
asked, failed = set(), set()
document = {}
reader = Reader(document)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    document.update(raw_schema)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names what is there, and never what the run itself stands on."""
    case.path_parameters = own_path(case)
    if not is_positive(case, ParameterLocation.BODY):
        return
    schema = body_schema(case)
    if schema is not None and isinstance(case.body, dict):
        case.body = with_real_ids(case.body, schema)
    if case.meta.generation.mode.is_positive and chance.random() < REAL:
        if case.media_type == "multipart/form-data":
            case.body = {"image": PICTURE}
        elif case.media_type == "image/png":
            case.body = PICTURE


def own_path(case):
    """What stands in the address."""
    given = dict(case.path_parameters or {})
    resource = case.path.removeprefix("/api/").split("/{")[0]
    is_followed = case.meta is not None and case.meta.phase.name.value == "stateful"
    for name, value in given.items():
        if is_positive(case, ParameterLocation.PATH) and not is_followed and chance.random() < REAL:
            value = outlet.some(resource, name) or value
        # Their rights are what the run stands on; everybody else's are changed and taken away.
        if str(value) in OWN and case.method != "GET":
            value = outlet.some(resource, name) or str(uuid.UUID(int=0))
        given[name] = value
    return given


def with_real_ids(value, schema):
    """The body, with ids of what is there where its schema says what is named."""
    fields, required = reader.fields(schema)
    changed = dict(value)
    for name, each in value.items():
        field = fields.get(name, {})
        resource = refers_to(field)
        if resource and chance.random() < REAL:
            if isinstance(each, list):
                ids = [outlet.some(resource) for _ in each[:3]]
                changed[name] = list(dict.fromkeys(one for one in ids if one))
            elif isinstance(each, str):
                changed[name] = outlet.some(resource) or each
        elif isinstance(each, list):
            items = next((kind["items"] for kind in reader.kinds(field) if "items" in kind), {})
            changed[name] = [with_real_ids(one, items) if isinstance(one, dict) else one for one in each]
        elif name == "id" and isinstance(each, str) and chance.random() < REAL:
            # Something new: the generator likes to say the same id twice, and then it is a repeat or a conflict.
            changed[name] = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        elif name in SELDOM and name in fields and name not in required and chance.random() < REAL:
            del changed[name]
    if {"product", "modifiers"} <= fields.keys() and chance.random() < REAL and (line := outlet.sellable()):
        changed["product"], changed["modifiers"] = line
    return changed


def refers_to(field):
    """The resource that a field names."""
    for kind in [field, *reader.kinds(field)]:
        if "x-refers-to" in kind:
            return kind["x-refers-to"]
        if "items" in kind and "x-refers-to" in kind["items"]:
            return kind["items"]["x-refers-to"]
    return None


def is_positive(case, location):
    component = case.meta.components.get(location) if case.meta else None
    return component is not None and component.mode.is_positive


def operation_of(case):
    return document.get("paths", {}).get(case.path, {}).get(case.operation.method.lower(), {})


def body_schema(case):
    content = operation_of(case).get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one."""
    if failure.code == "ST202":  # A well-formed request was refused.
        return not is_weighed(case, response)
    if failure.code == "ST201":  # A malformed one was taken.
        return not is_read_otherwise(case)
    return True


def is_weighed(case, response):
    """Refused for what is there, not for its form."""
    # Whoever was forgotten is gone for good: that is a promise, too.
    if response.status_code == 410:
        return True
    if response.status_code != 400:
        return False
    errors = response.json()
    is_in_words = set(errors) == {"detail", "code"}
    # The hub's own bill goes with a total that differs.
    errors.pop("hub_bill", None)
    names = {errors["code"]} if is_in_words else fields_of(errors)
    schema = body_schema(case) or {}
    allowed = WEIGHED.get(case.path, set()) | set(all_references(schema))
    return bool(names) and names <= allowed


def fields_of(errors):
    """The innermost names under which something is said."""
    names = set()
    for name, said in errors.items():
        inner = (
            [each for each in said if isinstance(each, dict) and each] if isinstance(said, list) else [said]
        )
        inner = [each for each in inner if isinstance(each, dict)]
        names |= set().union(*map(fields_of, inner)) if inner else {name}
    return names


def all_references(schema):
    fields, _ = reader.fields(schema)
    for name, field in fields.items():
        if refers_to(field):
            yield name
        for kind in reader.kinds(field):
            if "items" in kind:
                yield from all_references(kind["items"])


def is_read_otherwise(case):
    """Whether what does not follow the schema does so as the hub reads it."""
    negative = {place for place, part in case.meta.components.items() if part.mode.is_negative}
    readers = {
        ParameterLocation.BODY: is_body_read_otherwise,
        ParameterLocation.QUERY: is_query_read_otherwise,
    }
    return bool(negative) and all(place in readers and readers[place](case) for place in negative)


def is_body_read_otherwise(case):
    # What is no JSON has no schema, or is a form that is refused unless there is a picture in it.
    if case.media_type != "application/json":
        return True
    schema = body_schema(case)
    if schema is None or not isinstance(case.body, dict):
        return False
    read = reader.body(case.body, schema)
    # The address says whose it is; an id in the body is passed over.
    if case.operation.method.upper() in ("PUT", "PATCH"):
        read.pop("id", None)
    return is_valid(read, schema)


def is_query_read_otherwise(case):
    schemas = {
        each["name"]: each["schema"]
        for each in operation_of(case).get("parameters", [])
        if each["in"] == "query"
    }
    for name, value in (case.query or {}).items():
        # An empty one is none, and a size that is no number is the usual one.
        if name == "page_size" or value in ("", None) or name not in schemas:
            continue
        # A number's whole part is read.
        whole = re.fullmatch(r"([+-]?\d+)(\..*)?", str(value))
        texts = [str(value), int(whole[1])] if whole else [str(value), reader.body(str(value), schemas[name])]
        if not any(is_valid(text, schemas[name]) for text in texts):
            return False
    return True


def is_valid(value, schema):
    return jsonschema_rs.validator_for(schema | {"components": document["components"]}).is_valid(value)


@schemathesis.hook
def after_call(context, case, response):
    mode = case.meta.generation.mode if case.meta else None
    counted["cases"] += 1
    statuses[response.status_code] += 1
    asked.add(case.operation.label)
    if mode is not None and mode.is_positive:
        counted["well_formed"] += 1
        counted["taken"] += 200 <= response.status_code < 300


@schemathesis.hook
def after_validate(context, case, response, results):
    if any(result.failure is not None for result in results):
        failed.add(case.operation.label)


@atexit.register
def tell():
    with open(RUN["counted"], "w", encoding="utf-8") as file:
        whole = {"statuses": dict(sorted(statuses.items())), "asked": sorted(asked), "failed": sorted(failed)}
        json.dump(counted | whole, file)
