"""What databases have in common of which AWS takes no snapshots."""

from collections.abc import Mapping

from spec.section import Section


class WithoutSnapshots(Section):
    """A database that begins with no snapshot, so that nothing comes with one and none takes the place of another."""

    @property
    def generation(self) -> int:
        """Which server of the environment it is: nothing restores a second one."""
        return 1

    @property
    def restored_snapshots(self) -> tuple[str, ...]:
        """The names of the snapshots that it begins with: none."""
        return ()

    @property
    def is_restored(self) -> bool:
        """Whether it begins with what AWS keeps of an instance: AWS keeps nothing of it."""
        return False

    @property
    def restored_secrets(self) -> Mapping[str, str]:
        """The ARNs of secrets that it takes over with a snapshot: none."""
        return {}
