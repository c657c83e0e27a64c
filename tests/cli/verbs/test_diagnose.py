"""`windsock diagnose`: credentials are a cause too; what an environment lacks is told by tests of the diagnosis."""

import json

import pytest

from tests.cli.shell import Windsock


def test_no_credentials_are_the_cause(windsock: Windsock) -> None:
    """Nothing can be read, and the sentence says what to do."""
    ran = windsock("diagnose", "env.yaml")
    assert ran.code == 1
    assert "AWS does not accept these credentials." in ran.out


def test_json_has_the_name_of_the_cause(windsock: Windsock) -> None:
    """It stays the same when its sentence changes."""
    causes = json.loads(windsock("diagnose", "env.yaml", "--json").out)["causes"]
    assert [cause["name"] for cause in causes] == ["wrong credentials"]


@pytest.mark.usefixtures("aws")
def test_what_answers_in_the_place_of_aws_is_the_cause(windsock: Windsock) -> None:
    """It knows the account, and no stacks."""
    ran = windsock("diagnose", "env.yaml")
    assert ran.code == 1
    assert ran.out.startswith("demo is not to be seen from here.\n")
    assert "AWS cannot be reached from here." in ran.out
