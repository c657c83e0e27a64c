"""The promises of rehearsal/emulator/iam/s3_actions.py."""

from rehearsal.emulator.iam.s3_actions import action_of, keys_of


def test_an_operation_has_the_name_of_its_action() -> None:
    """Operations without an entry have an action of their own name."""
    assert (action_of("HeadObject"), action_of("GetBucketPolicy")) == ("GetObject", "GetBucketPolicy")


def test_a_body_without_keys_names_no_object() -> None:
    """As all bodies but those of DeleteObjects."""
    assert keys_of(b"") == ()
