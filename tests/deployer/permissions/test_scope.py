"""Equal scopes share a statement."""

from deployer.permissions.scope import Scope


def test_scopes_are_told_apart_by_all_they_say() -> None:
    """Name, resources and conditions; where nothing is said, everything is allowed."""
    tagged = {"StringEquals": {"aws:ResourceTag/windsock:network": "team"}}
    every = [Scope("Own"), Scope("Other"), Scope("Own", ("arn:aws:s3:::a",)), Scope("Own", ("*",), tagged)]
    assert len({one.key for one in every}) == len(every)
    assert Scope("Own").key == Scope("Own", ("*",), {}).key
