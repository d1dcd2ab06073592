"""What a JSON Schema says of files: whether an editor would mark anything in them.

Takes lines of JSON: `{"schema": NAME, "text": SCHEMA}` makes a schema known, `{"against": NAME, "value": …}` or
`{"against": NAME, "toml": TEXT}` asks. Gives a line for each question, empty where the schema has no objection.
"""

import json
import sys
import tomllib

from jsonschema import Draft7Validator

known = {}
for line in sys.stdin:
    asked = json.loads(line)
    if "schema" in asked:
        schema = json.loads(asked["text"])
        Draft7Validator.check_schema(schema)
        known[asked["schema"]] = Draft7Validator(schema)
        continue
    # A day of TOML is handed on as a string, as editors do.
    value = asked["value"] if "value" in asked else json.loads(json.dumps(tomllib.loads(asked["toml"]), default=str))
    first = next(known[asked["against"]].iter_errors(value), None)
    print("" if first is None else f"{first.json_path}: {first.message}".replace("\n", " "))
