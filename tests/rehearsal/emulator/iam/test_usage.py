"""The promises of rehearsal/emulator/iam/usage.py."""

from pathlib import Path

from rehearsal.emulator.iam.usage import Usage, Use, read, role_of

SESSION = "arn:aws:sts::123456789012:assumed-role/TaskRole"


def test_a_use_is_noted_once_for_all_sessions_of_a_role(tmp_path: Path) -> None:
    """Tasks come and go; the statement belongs to the role."""
    used = Usage(tmp_path)
    used.note(f"{SESSION}/one", "ReadCode", "s3:GetObject")
    used.note(f"{SESSION}/two", "ReadCode", "s3:GetObject")
    assert read(tmp_path) == (Use(who=SESSION, statement="ReadCode", action="s3:GetObject"),)


def test_a_user_has_no_sessions() -> None:
    """Its ARN is its own."""
    assert role_of("arn:aws:iam::123456789012:user/deployer") == "arn:aws:iam::123456789012:user/deployer"


def test_nothing_was_used_before_the_first_call(tmp_path: Path) -> None:
    """An emulator that has just started has no record."""
    assert read(tmp_path) == ()
