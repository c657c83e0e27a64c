"""The counts that a root template asks for."""

from compiler.model.asked_counts import asked_counts


def test_only_counts_with_a_default_are_asked_for() -> None:
    """A count without one is a single task, and other parameters have defaults of their own."""
    parameters = {
        "WebserverCount": {"Type": "Number", "Default": 2},
        "SchedulerCount": {"Type": "Number"},
        "ImageTag": {"Type": "String", "Default": "none"},
    }
    assert asked_counts({"Parameters": parameters}) == {"WebserverCount": 2}
    assert asked_counts({}) == {}
