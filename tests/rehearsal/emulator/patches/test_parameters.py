"""The promises of rehearsal/emulator/patches/parameters.py, in an emulator."""

import pytest

from tests.rehearsal.emulator.iam.roles import allow
from tests.rehearsal.emulator.patches.test_task_permissions import outcome, role
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_container_gets_the_plain_text_of_a_secure_parameter(yard: Yard) -> None:
    """By the name of the parameter, with the right to read it; whoever asks for it without decryption does not."""
    parameters = yard.client("ssm")
    parameters.put_parameter(Name="/team/word", Value="plain", Type="SecureString")
    reading = role(yard, "parameters", allow("logs:*"), allow("ssm:GetParameters"))
    secrets = [{"name": "WORD", "valueFrom": "/team/word"}]
    _, code = outcome(yard, "sh", "-c", 'test "$WORD" = plain', execution=reading, secrets=secrets)
    assert code == 0
    assert parameters.get_parameter(Name="/team/word")["Parameter"]["Value"] != "plain"
