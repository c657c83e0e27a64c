"""Which environments there are, the tags of root stacks tell."""

from deployer.roster import root_stacks
from tests.deployer.fakes.session import FakeSession


def test_root_stacks_of_environments_are_found() -> None:
    """Not the toolkit, not nested stacks, which bear the same tag, not other people's, not what is gone."""
    session = FakeSession()
    put = session.cloudformation.put
    put("demo", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    put("demo-main", "DELETE_IN_PROGRESS", tags={"windsock:environment": "demo-main", "windsock:branch": "main"})
    put("demo-Storage-1", "CREATE_COMPLETE", tags={"windsock:environment": "demo"})
    put("windsock-toolkit", "CREATE_COMPLETE")
    put("somebody", "CREATE_COMPLETE", tags={"team": "data"})
    put("gone", "DELETE_COMPLETE", tags={"windsock:environment": "gone"})
    put("draft", "REVIEW_IN_PROGRESS", tags={"windsock:environment": "draft"})
    assert [stack.name for stack in root_stacks(session.as_session)] == ["demo", "demo-main"]


def test_an_empty_account_has_none() -> None:
    """And that is no failure."""
    assert root_stacks(FakeSession().as_session) == ()
