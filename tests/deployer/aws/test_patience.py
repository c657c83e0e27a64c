"""An outage is ridden out with a line while a run changes something, and an error at once elsewhere."""

import pytest

from deployer.aws.errors import NO_ANSWER, AwsRefusal
from deployer.aws.patience import Patience
from deployer.aws.polling import Clock
from tests.deployer.fakes.session import FakeTime


class _Outage:
    """An AWS that does not answer for some seconds."""

    def __init__(self, seconds: float, code: str = NO_ANSWER) -> None:
        self.time = FakeTime()
        self.patience = Patience(Clock(now=self.time.now, sleep=self.time.sleep))
        self._until = self.time.now() + seconds
        self._code = code

    def call(self) -> str:
        """Answer once the outage is over."""
        if self.time.now() < self._until:
            raise AwsRefusal("AWS cannot be reached from here.", code=self._code)
        return "answer"


@pytest.mark.parametrize("seconds", [30, 300])
@pytest.mark.parametrize("code", [NO_ANSWER, "Throttling"])
def test_an_outage_is_ridden_out_with_a_line(seconds: float, code: str) -> None:
    """Half a minute or five: one line when it begins, and one when it is over."""
    outage, told = _Outage(seconds, code), list[str]()
    with outage.patience.told_to(told.append):
        assert outage.patience.call(outage.call) == "answer"
    assert told == [
        "AWS cannot be reached from here. Trying again for 10 minutes; what AWS does goes on.",
        f"AWS answers again, after {seconds} seconds.",
    ]


def test_an_outage_without_end_is_an_error() -> None:
    """After ten minutes."""
    outage = _Outage(3600)
    with outage.patience.told_to(lambda _: None), pytest.raises(AwsRefusal):
        outage.patience.call(outage.call)


def test_what_does_not_pass_is_an_error_at_once() -> None:
    """Waiting gives nobody a permission."""
    outage, told = _Outage(30, "AccessDenied"), list[str]()
    with outage.patience.told_to(told.append), pytest.raises(AwsRefusal):
        outage.patience.call(outage.call)
    assert told == []


def test_without_a_listener_nobody_waits() -> None:
    """A look at the status is to say at once that AWS does not answer; so it is again after a run."""
    outage = _Outage(30)
    with pytest.raises(AwsRefusal):
        outage.patience.call(outage.call)
    with outage.patience.told_to(lambda _: None):
        pass
    with pytest.raises(AwsRefusal):
        outage.patience.call(outage.call)
