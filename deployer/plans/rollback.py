"""Decides how an environment goes back to an earlier release."""

from collections.abc import Iterator, Sequence

from deployer.health.wake import is_asleep
from deployer.lifetime.ttl import refuse_expired
from deployer.plans.deliveries.roster import DELIVERIES, deployed_delivery
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.push import restart_steps
from deployer.record.lease import LeaseHeld
from deployer.releases.manifest import Manifest
from deployer.releases.store import ReleaseRefusal
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import refuse_account, require_deployed
from deployer.steps.code.release import AwaitParsed, MakeCurrent
from deployer.steps.step import Need, Step
from spec.environment import Environment

LIST = "`windsock releases` lists them."


def refuse_without_releases(env: Environment, observed: Observed) -> None:
    """Refuse an environment that is not deployed, or whose code comes another way."""
    refuse_account(env, observed.account)
    refuse_expired(env, observed.stack)
    stack = require_deployed(env, observed.stack, observed.region)
    if deployed_delivery(read_outputs(stack)) is not DELIVERIES["release"]:
        raise ReleaseRefusal(
            f"{env.name} keeps no releases: its code is copied to a file system.",
            next_step="Set code.delivery: release in the YAML and deploy, or push the earlier code.",
        )


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
    """Return the plan that makes a release current; where another run `held` the lease, no service restarts."""
    steps = tuple(_steps(env, manifest, observed, held))
    return Plan(name=env.name, steps=steps, code_version=manifest.release)


def _steps(env: Environment, manifest: Manifest, observed: Observed, held: LeaseHeld | None) -> Iterator[Step]:
    same = observed.pointer.release == manifest.release
    reason = "it is current" if same else "another release is current"
    yield MakeCurrent(need=Need.NO if same else Need.YES, reason=reason, manifest=manifest)
    yield from restart_steps(env, observed, manifest.restart, held)
    asleep = is_asleep(env, observed.services, observed.now)
    yield AwaitParsed(need=Need.NO if same or asleep else Need.YES, reason=reason)
