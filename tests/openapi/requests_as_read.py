"""What the hub takes though the document does not say it: the ways in which old clients write values.

The framework that the hub replaces read a form's text where a number was meant and the other way round, and old clients rely on
it (hub/src/api/form.rs). The document shows what new clients shall write; here a value is rewritten to that.
"""

import re

WHOLE = re.compile(r"\s*([+-]?\d+)(?:\.0*)?\s*")
BOOLEANS = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


class Reader:
    """Knows the document's schemas by name."""

    def __init__(self, document):
        self.document = document

    def resolve(self, schema):
        """What a reference leads to."""
        while isinstance(schema, dict) and "$ref" in schema:
            found = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema if isinstance(schema, dict) else {}

    def fields(self, schema):
        """The fields of an object, those of its parts too, and which of them must be there."""
        schema = self.resolve(schema)
        fields, required = dict(schema.get("properties", {})), set(schema.get("required", []))
        for part in schema.get("allOf", []):
            more, needed = self.fields(part)
            fields |= more
            required |= needed
        return fields, required

    def kinds(self, schema):
        """The schemas that a value may follow, `null` aside."""
        schema = self.resolve(schema)
        parts = [part for word in ("oneOf", "anyOf") for part in schema.get(word, [])]
        return [self.resolve(part) for part in parts] or [schema]

    def body(self, value, schema):
        """A body as the hub reads it."""
        for kind in self.kinds(schema):
            types = kind.get("type", "object" if "properties" in kind or "allOf" in kind else None)
            types = types if isinstance(types, list) else [types]
            if "object" in types and isinstance(value, dict):
                return self._object(value, kind)
            if "array" in types and isinstance(value, list):
                return [self.body(self._id_of(each), kind.get("items", {})) for each in value]
            if "string" in types and type(value) in (int, float):
                return str(value)
            if "integer" in types and isinstance(value, str) and (whole := WHOLE.fullmatch(value)):
                return int(whole[1])
            if "boolean" in types and isinstance(value, str):
                return BOOLEANS.get(value, value)
        return value

    def _object(self, value, schema):
        fields, required = self.fields(schema)
        read = {}
        for name, each in value.items():
            # Null is as good as nothing.
            if each is None and name not in required:
                continue
            read[name] = self.body(each, fields[name]) if name in fields else each
        return read

    @staticmethod
    def _id_of(value):
        # An object stands for its id.
        return value["id"] if isinstance(value, dict) and set(value) == {"id"} else value
