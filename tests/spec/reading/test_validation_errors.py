"""Faults point at the user's words and name the cure."""

import pytest

from spec.errors import Fault, SpecRefusal
from spec.reading.load import parse

SOUND = """\
name: demo
aws: {account: "123456789012", region: us-west-2}
airflow: {version: 2.5.3, python: "3.10"}
network: {allowed_cidrs: [203.0.113.0/24]}
"""


def faults(text: str) -> tuple[Fault, ...]:
    """Return what the loader has against `text`."""
    with pytest.raises(SpecRefusal) as caught:
        parse(text, "env.yaml")
    return caught.value.faults


def test_misspelt_required_key_is_one_fault() -> None:
    """A required key that is misspelt is not also reported as missing."""
    (fault,) = faults(SOUND.replace("name:", "nmae:"))
    assert (fault.path, fault.hint) == ("nmae", "did you mean name?")


def test_missing_key_points_at_its_section() -> None:
    """The place of a missing key is the key of its section."""
    (fault,) = faults(SOUND.replace(", region: us-west-2", ""))
    assert (fault.line, fault.column, fault.path) == (2, 1, "aws.region")
    assert fault.hint == "AWS region, such as us-west-2."


def test_unknown_key_points_at_the_key() -> None:
    """An unknown key is pointed at, not its value, and unlike keys get the list of valid ones."""
    (fault,) = faults(SOUND + "logs:\n  colour: red\n")
    assert (fault.line, fault.column, fault.text) == (6, 3, "colour")
    assert fault.hint == "valid: retention_days, remote, access"


def test_bad_key_of_a_mapping_points_at_the_key() -> None:
    """A key that does not fit a mapping's pattern is pointed at."""
    (fault,) = faults(SOUND.replace("us-west-2}", "us-west-2, tags: {'a?': b}}"))
    assert (fault.line, fault.path, fault.text) == (2, "aws.tags.a?", "'a?'")


def test_one_fault_per_value_of_several_types() -> None:
    """A value that fits none of several types is one mistake, not one per type."""
    (fault,) = faults(SOUND.replace('"3.10"}', '"3.10", config: {core: {parallelism: [4]}}}'))
    assert fault.path == "airflow.config.core.parallelism"
    assert fault.message == "one value is wanted here, not a list"


def test_refused_item_of_a_list_does_not_shorten_the_list() -> None:
    """The only item of a list being wrong is one mistake."""
    (fault,) = faults(SOUND.replace("203.0.113.0/24", "office"))
    assert fault.path == "network.allowed_cidrs[0]"


def test_an_empty_list_is_refused_with_the_minimum() -> None:
    """The message says that one item must be there."""
    (fault,) = faults(SOUND.replace("203.0.113.0/24", ""))
    assert fault.message == "there are 0 of them, and at least 1 must be"


def test_braces_in_a_value_are_only_text() -> None:
    """Braces of the user never become a format string."""
    (fault,) = faults(SOUND + "auth: {admin: {username: '{0} {x}'}}\n")
    assert "{0} {x}" in fault.message


def test_faults_come_in_the_order_of_the_file() -> None:
    """Faults come in the order in which a reader meets them."""
    found = faults("protect: maybe\nlogs: {retention_days: 2}\n" + SOUND.replace("demo", "Demo"))
    assert [fault.line for fault in found] == [1, 2, 3]


def test_a_key_of_another_tool_names_ours() -> None:
    """Compose and Helm have their own words for the same thing."""
    (fault,) = faults(SOUND + "environment: {STAGE: prod}\n")
    assert fault.hint == "did you mean airflow.env_vars?"


def test_another_login_is_told_where_it_is_set_up() -> None:
    """Besides the kinds that there are."""
    (fault,) = faults(SOUND + "auth: {kind: ldap}\n")
    assert fault.hint.startswith("valid: password, google, oidc; webserver_config.py can")
