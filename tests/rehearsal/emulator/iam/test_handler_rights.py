"""The promises of rehearsal/emulator/iam/handler_rights.py; tests of patches/stack_permissions.py have the others."""

import json
from importlib.resources import files
from pathlib import Path

import cfnlint

from rehearsal.emulator import iam
from rehearsal.emulator.iam.handler_rights import FILE

HANDLERS = ("create", "read", "update", "delete")


def test_the_table_says_what_the_registry_says() -> None:
    """For each of its types; a change of the registry in cfn-lint is copied by this test's `schemas`."""
    table = json.loads(files(iam).joinpath(FILE).read_text(encoding="utf-8"))
    assert table == {kind: handlers for kind, handlers in schemas().items() if kind in table}


def schemas() -> dict[str, dict[str, list[str]]]:
    """Return the permissions of all handlers of all types that cfn-lint bundles."""
    folder = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
    read = (json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json"))
    return {
        schema["typeName"]: {
            name: sorted(schema["handlers"][name]["permissions"])
            for name in sorted(HANDLERS)
            if "permissions" in schema["handlers"].get(name, {})
        }
        for schema in read
        if "handlers" in schema
    }
