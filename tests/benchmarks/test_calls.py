"""How often a long wait looks."""

from benchmarks.calls import looks
from deployer.aws.polling import AWS


def test_a_wait_ten_times_as_long_looks_less_than_ten_times_as_often() -> None:
    """The first look is at once; a wait of two seconds looks after one, and after two and a half."""
    assert looks(AWS, 0) == 1
    assert looks(AWS, 2) == 3
    assert looks(AWS, 600) < 10 * looks(AWS, 60)
