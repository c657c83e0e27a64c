"""What differs, for the tests of pages: one resource of every danger, rights and ports."""

from cli.differences.differing import Differing
from deployer.differences.difference import Danger, Difference, Effect, Grant, Port, PropertyChange, ResourceDifference

CAUSE = "database.name (env.yaml:7)"


def resource(
    path: str, danger: Danger, *properties: PropertyChange, consequence: str = "", causes: tuple[str, ...] = ()
) -> ResourceDifference:
    """Return a resource that differs."""
    return ResourceDifference(
        path=path,
        type="T",
        description="",
        danger=danger,
        consequence=consequence,
        properties=properties,
        causes=causes,
    )


def change(path: str, before: object = "a", after: object = "b", *, effect: Effect = Effect.IN_PLACE) -> PropertyChange:
    """Return a property that differs."""
    return PropertyChange(path=path, before=before, after=after, effect=effect, causes=(CAUSE,))


def found(difference: Difference | None = None, before: float | None = 10) -> Differing:
    """Return a comparison."""
    everything = Difference(
        resources=(
            resource("A/Added", Danger.ADDED),
            resource("A/One", Danger.CHANGED, change("X")),
            resource("A/Two", Danger.CHANGED, change("X")),
            resource("A/State", Danger.STATE, change("Y", effect=Effect.REPLACE), consequence="would be lost"),
        ),
        granted=(
            Grant(
                who="A/Role",
                effect="Allow",
                actions=("s3:Get", "s3:Put"),
                resource="arn:${AWS::Partition}:s3:::b",
                condition="c",
            ),
        ),
        revoked=(Grant(who="A/Role", effect="Deny", actions=("s3:Get",), resource="*"),),
        opened=tuple(Port(source="Web", target="Database", ports=f"tcp 1 ({way})") for way in ("out", "in")),
        unchanged=3,
    )
    return Differing(
        environment="demo",
        old="main (1234567)",
        difference=everything if difference is None else difference,
        monthly_before=before,
        monthly_after=12.5,
    )
