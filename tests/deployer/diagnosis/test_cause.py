"""A diagnosis is well when it knows no cause."""

from deployer.diagnosis.cause import Cause, Diagnosis


def test_a_diagnosis_with_a_cause_is_not_well() -> None:
    """What could not be read is no cause."""
    cause = Cause(name="quota", what="No room.", next_step="Ask.")
    assert not Diagnosis(name="demo", state="not healthy", causes=(cause,), unread=()).well
    assert Diagnosis(name="demo", state="healthy", causes=(), unread=("the quotas: denied",)).well
