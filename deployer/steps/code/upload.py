"""The steps that bring the code to its bucket, and that empty the bucket of an environment that deletes itself."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from deployer.lifetime.cleanup import clear_code
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded, upload_code
from deployer.steps.step import Context, Facts, Need
from deployer.tasks.sync import needs_sync


@dataclass(frozen=True, kw_only=True)
class UploadCode:
    """Make the bucket hold exactly the code; `changes` is what differs, as far as the bucket could be looked at.

    The paths in `kept` stay there too: deployed containers read them.
    """

    name: ClassVar[str] = "code"
    need: Need
    reason: str
    code: Code = field(repr=False)
    changes: Uploaded = field(default_factory=Uploaded)
    kept: frozenset[str] = frozenset()

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Upload and delete what differs now."""
        outputs = facts.outputs
        context.progress.phase(self.name, f"{len(self.code.files)} files to {outputs.code_bucket}")
        # The bucket of an environment that deletes itself is empty but for the time of a sync.
        lasting = context.env.ttl is None
        if self.need is Need.NO or not (lasting or needs_sync(facts.state, outputs, self.code)):
            return facts
        return replace(facts, uploaded=upload_code(context.session, outputs.code_bucket, self.code, self.kept))


@dataclass(frozen=True, kw_only=True)
class ClearCode:
    """Empty the code bucket of an environment that deletes itself; the file system has what was in it."""

    name: ClassVar[str] = "code"
    need: ClassVar[Need] = Need.YES
    reason: str

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Delete every version in the bucket once the code was synced."""
        if facts.synced:
            clear_code(context.env, context.session, facts.outputs)
        return facts
