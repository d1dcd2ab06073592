"""Opens workbooks in LibreOffice, writes texts into cells, says what it sees of them, and saves them.

Usage: spreadsheet_says.py SOFFICE FOLDER, with a list of jobs as JSON on standard input:
{"open": path, "write": {"A3": "text"}, "look": ["A1", "B1048000"], "save": [path, ...]}.
What is written and looked at is in the first sheet. FOLDER is a place for the profile of LibreOffice. Prints one JSON object for each job.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}


def value(name, value):
    return PropertyValue(Name=name, Value=value)


def connected(pipe, office):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if office.poll() is not None:
                sys.exit(f"LibreOffice ended with {office.returncode}")
            time.sleep(0.1)
    sys.exit("LibreOffice does not answer")


def seen(document, sheet, name):
    """What a person meets at a cell."""
    cell = sheet.getCellRangeByName(name)
    rule = cell.Validation
    offered = rule.Type.value
    return {
        "text": cell.getString(),
        "format": document.getNumberFormats().getByKey(cell.NumberFormat).FormatString,
        "locked": cell.CellProtection.IsLocked,
        "note": cell.getAnnotation().getString(),
        "rule": offered,
        "list": rule.getFormula1() if offered == "LIST" else "",
        "refuses": rule.ErrorAlertStyle.value == "STOP",
    }


def done(job, desktop):
    document = desktop.loadComponentFromURL(Path(job["open"]).as_uri(), "_blank", 0, (value("Hidden", True),))
    view, sheet = document.getCurrentController(), document.Sheets.getByIndex(0)
    for cell, text in job.get("write", {}).items():
        # As text: what a person types into a column of text is kept so.
        sheet.getCellRangeByName(cell).setString(text)
    said = {
        "sheets": list(document.Sheets.ElementNames),
        "frozen": [view.hasFrozenPanes(), view.getSplitRow(), view.getSplitColumn()],
        "protected": sheet.isProtected(),
        "cells": {name: seen(document, sheet, name) for name in job.get("look", [])},
    }
    for path in map(Path, job.get("save", [])):
        document.storeToURL(path.as_uri(), (value("FilterName", FILTERS[path.suffix]),))
    document.close(True)
    return said


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    pipe = f"tipbrief-{folder.name}"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    arguments = [program, "--headless", "--norestore", "--nologo", profile, f"--accept=pipe,name={pipe};urp;"]
    office = subprocess.Popen(arguments, stdout=sys.stderr)
    try:
        context = connected(pipe, office)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        for job in json.load(sys.stdin):
            print(json.dumps(done(job, desktop)))
        desktop.terminate()
        office.wait(60)
    finally:
        if office.poll() is None:
            office.kill()


main()
