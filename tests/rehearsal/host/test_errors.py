"""The promises of rehearsal/host/errors.py."""

from rehearsal.host.errors import RehearsalFailure


def test_a_failure_shows_all_three_sentences() -> None:
    """What, why and what to do, one per line."""
    assert str(RehearsalFailure("What.", "Why.", "Do.")) == "What.\nWhy.\nDo."


def test_a_sentence_that_is_missing_leaves_no_empty_line() -> None:
    """Not every failure has a reason or a remedy."""
    assert str(RehearsalFailure("What.")) == "What."
    assert str(RehearsalFailure("What.", next_step="Do.")) == "What.\nDo."
