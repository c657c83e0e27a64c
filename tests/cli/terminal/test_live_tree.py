"""Progress as a live tree."""

import io
from datetime import UTC, datetime

from rich.console import Console

from cli.terminal.live_tree import StackTree, live_tree
from deployer.progress import StackEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
STACK = "AWS::CloudFormation::Stack"


def shown(tree: StackTree) -> str:
    """Return the tree as a terminal shows it."""
    console = Console(file=io.StringIO(), width=120)
    console.print(tree.render())
    stream = console.file
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def grown() -> tuple[StackTree, io.StringIO]:
    """Return a tree in the middle of a deploy, and what it printed above itself."""
    above = io.StringIO()
    tree = StackTree(Console(file=above, width=120), "demo", {"Database/Instance": "Airflow's metadata"})
    tree.phase("provision", "")
    for path, kind, status in (
        ("", STACK, "CREATE_IN_PROGRESS"),
        ("Network", STACK, "CREATE_COMPLETE"),
        ("Network/Vpc", "AWS::EC2::VPC", "CREATE_COMPLETE"),
        ("Database", STACK, "CREATE_IN_PROGRESS"),
        ("Database/Instance", "AWS::RDS::DBInstance", "CREATE_IN_PROGRESS"),
    ):
        tree.event(StackEvent(path=path, type=kind, status=status, reason="", time=NOON))
    return tree, above


def test_finished_resources_are_folded() -> None:
    """Stacks stay, with a count of what is done in them; of resources only the unfinished show, with their purpose."""
    text = shown(grown()[0])
    assert "Network  CREATE_COMPLETE  0s  1/1" in text
    assert "Vpc" not in text
    assert "Instance  CREATE_IN_PROGRESS  0s  Airflow's metadata" in text


def test_the_phase_has_a_clock() -> None:
    """It counts from the beginning of the phase."""
    assert shown(grown()[0]).splitlines()[0].rstrip() == "demo  provision  0s"


def test_with_verbose_finished_resources_stay() -> None:
    """Also those of a stack that is done."""
    tree = StackTree(Console(file=io.StringIO(), width=120), "demo", {}, verbose=True)
    tree.event(StackEvent(path="Network", type=STACK, status="CREATE_COMPLETE", reason="", time=NOON))
    tree.event(StackEvent(path="Network/Vpc", type="AWS::EC2::VPC", status="CREATE_COMPLETE", reason="", time=NOON))
    assert "Vpc  CREATE_COMPLETE" in shown(tree)


def test_failures_stay_on_the_screen() -> None:
    """A failure is printed above the tree, where nothing removes it."""
    tree, above = grown()
    tree.event(
        StackEvent(
            path="Database/Instance",
            type="AWS::RDS::DBInstance",
            status="CREATE_FAILED",
            reason="No [space]",
            time=NOON,
        )
    )
    assert "Database/Instance: CREATE_FAILED: No [space]" in above.getvalue()


def test_a_new_phase_clears_the_tree() -> None:
    """What the last phase built leaves the screen."""
    tree, above = grown()
    tree.phase("image", "build")
    tree.note("half way")
    assert "Network" not in shown(tree)
    assert above.getvalue().endswith("== image: build\nhalf way\n")


def test_the_tree_is_drawn_while_events_come_in() -> None:
    """The tree can be shown on a stream and taken away again."""
    stream = io.StringIO()
    with live_tree(stream, "demo", {}, colour=False) as tree:
        tree.phase("verify", "")
    assert "== verify" in stream.getvalue()


def test_a_stack_says_of_how_long_it_is_on_its_way() -> None:
    """Until it ends; then it says how long it took."""
    tree, _ = grown()
    tree.event(
        StackEvent(
            path="Network",
            type="AWS::CloudFormation::Stack",
            status="CREATE_IN_PROGRESS",
            reason="",
            time=datetime(2026, 11, 1, tzinfo=UTC),
            about=90,
        )
    )
    assert "Network  CREATE_IN_PROGRESS  0s of about 1m30s" in shown(tree)
