"""The promises of rehearsal/emulator/rules/secret_strings.py."""

import json
import string

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.emulator.rules import secret_strings


@given(st.integers(min_value=4, max_value=200))
def test_a_value_has_its_length_and_each_required_type(length: int) -> None:
    """A value has the requested length and a character of each kind that is not excluded."""
    value = secret_strings.generate({"PasswordLength": str(length)})
    assert len(value) == length
    for group in (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation):
        assert set(value) & set(group)


def test_excluded_characters_do_not_occur() -> None:
    """Excluded kinds and characters do not occur, written as truths or as words."""
    wanted = {"PasswordLength": 400, "ExcludePunctuation": "true", "ExcludeUppercase": True, "ExcludeCharacters": "ab1"}
    assert set(secret_strings.generate(wanted)) == set(string.ascii_lowercase + string.digits) - set("ab1")


def test_a_template_gets_the_value_at_its_key() -> None:
    """A value takes its place in the template's JSON; a given value is left as it is."""
    wanted = {"SecretStringTemplate": '{"username": "x"}', "GenerateStringKey": "password", "PasswordLength": 12}
    made = json.loads(secret_strings.secret_string({"GenerateSecretString": wanted}))
    assert made["username"] == "x"
    assert len(made["password"]) == 12
    assert secret_strings.secret_string({"SecretString": "given"}) == "given"
