"""`windsock push`: what it did, in a sentence."""

from cli.verbs.push import summary


def test_the_summary_names_what_was_done() -> None:
    """Each thing that was done is named; an empty push says that nothing changed."""
    assert summary(synced=False, restarted=False) == "Nothing had changed."
    assert summary(synced=True, restarted=False) == "Done: synced to the file system."
    assert summary(synced=True, restarted=True).endswith("restarted what reads only at its start.")
