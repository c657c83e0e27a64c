"""Decides how an environment goes back to an earlier release."""

from collections.abc import Iterator, Sequence

from deployer.lifetime.ttl import refuse_expired
from deployer.plans.deliveries.kind import DeliveryKind
from deployer.plans.deliveries.roster import release_delivery
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.push import restart_steps
from deployer.record.lease import LeaseHeld
from deployer.releases.manifest import Manifest
from deployer.releases.store import ReleaseRefusal
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import refuse_account, refuse_busy, require_deployed
from deployer.steps.code.release import MakeCurrent
from deployer.steps.step import Need, Step
from spec.environment import Environment

LIST = "`windsock releases` lists them."


def refuse_without_releases(env: Environment, observed: Observed) -> DeliveryKind:
    """Return the way in which releases reach an environment. Raises `Refusal` where none are kept."""
    refuse_account(env, observed.account)
    refuse_expired(env, observed.stack)
    outputs = read_outputs(require_deployed(env, observed.stack, observed.region))
    delivery = release_delivery(outputs)
    if delivery is None:
        raise ReleaseRefusal(
            f"{env.name} keeps no releases: an earlier Windsock put single files on its file system.",
            next_step="`windsock deploy` lays releases there, or push the earlier code.",
        )
    if env.ttl is not None:
        raise ReleaseRefusal(
            f"{env.name} keeps no releases: it deletes itself, and each push empties its bucket again.",
            next_step="Push the earlier code.",
        )
    return delivery


def choose_release(word: str, previous: str, known: Sequence[str]) -> str:
    """Return the one release that `word` means, or without it the one before. Raises `ReleaseRefusal`."""
    if not word:
        if previous in known:
            return previous
        raise ReleaseRefusal("There is no release before the current one.", next_step=LIST)
    found = [release for release in known if release.startswith(word)]
    if len(found) == 1:
        return found[0]
    what = "Several releases begin" if found else "No release begins"
    raise ReleaseRefusal(f"{what} with {word!r}.", next_step=LIST)


def plan_rollback(env: Environment, manifest: Manifest, observed: Observed, held: LeaseHeld | None = None) -> Plan:
    """Return the plan that makes a release current; where another run `held` the lease, no service restarts.

    Raises `Refusal` where code cannot be brought while something else goes on.
    """
    delivery = refuse_without_releases(env, observed)
    if delivery.NEEDS_REST:
        refuse_busy(env, require_deployed(env, observed.stack, observed.region))
        if held:
            raise held
    steps = tuple(_steps(env, manifest, observed, delivery, held))
    return Plan(name=env.name, steps=steps, code_version=manifest.release)


def _steps(
    env: Environment, manifest: Manifest, observed: Observed, delivery: DeliveryKind, held: LeaseHeld | None
) -> Iterator[Step]:
    same = observed.pointer.release == manifest.release
    reason = "it is current" if same else "another release is current"
    yield MakeCurrent(need=Need.NO if same else Need.YES, reason=reason, manifest=manifest)
    yield from delivery.rollback(manifest, observed)
    yield from restart_steps(env, observed, manifest.restart, held)
    yield delivery.parsed(env, observed, same=same)
