"""What Frictionless says of some tables: one process for all of them, since starting it takes a second.

Reads from stdin, line by line, `case<TAB>table<TAB>schema<TAB>csv`; the tables of one case are one package. Prints
`case<TAB>table<TAB>valid|invalid<TAB>types`. A column that a file may leave out is taken out of the schema there: where a
field is `required`, Frictionless asks for its column whatever `fieldsMatch` says.
"""

import csv
import json
import sys

from frictionless import Package, system

system.trusted = True


def schema(path, table):
    """The schema without the optional fields that the table lacks, which then are in no key either."""
    with open(path, encoding="utf-8") as file:
        descriptor = json.load(file)
    try:
        with open(table, encoding="utf-8-sig", newline="") as file:
            labels = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error):
        labels = []
    kept = [
        field
        for field in descriptor["fields"]
        if field["name"] in labels or field.get("tipbrief:column") == "required"
    ]
    names = {field["name"] for field in kept}
    descriptor["fields"] = kept
    descriptor["primaryKey"] = [name for name in descriptor.get("primaryKey", []) if name in names]
    keys = descriptor.get("foreignKeys", [])
    descriptor["foreignKeys"] = [key for key in keys if set(key["fields"]) <= names]
    return descriptor


cases = {}
for line in sys.stdin:
    case, *table = line.rstrip("\n").split("\t")
    cases.setdefault(case, []).append(table)

for case, tables in cases.items():
    resources = [{"name": name, "path": path, "schema": schema(shape, path)} for name, shape, path in tables]
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    report = Package.from_descriptor({"$schema": profile, "resources": resources}).validate()
    found = {task.name: {error.type for error in task.errors} for task in report.tasks}
    for name, _, _ in tables:
        types = found.get(name, {error.type for error in report.errors})
        print(case, name, "invalid" if types else "valid", " ".join(sorted(types)), sep="\t")
