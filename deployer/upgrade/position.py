"""Tells from the deploy state at which release a database is, also after a broken migration, and how it goes on."""

from collections.abc import Mapping

from packaging.version import Version

from deployer.record.deploy_state import DeployState
from spec.releases.upgrades import Hop, road


def hops_to(state: DeployState, target: str) -> tuple[Hop, ...]:
    """Return the migrations that bring the database to a release; none where it is there.

    A migration that was broken off is completed first, or undone by the release that had begun it. Raises `NoRoad`.
    """
    if not state.migrating:
        return road(state.airflow_version, target)
    older, newer = sorted((state.airflow_version, state.migrating), key=Version)
    rest = road(newer, target)
    return rest if Version(target) < Version(newer) else (Hop(older, newer), *rest)


def unfinished(state: DeployState, release: str) -> tuple[str, ...]:
    """Return what is to be said of an upgrade that has not come to its end; `release` is that of the templates."""
    if state.migrating:
        between = f"{state.airflow_version} and {state.migrating}"
        return (f"The migration of the database between Airflow {between} is not done: deploy again to complete it.",)
    if state.airflow_version and state.airflow_version != release:
        return (
            f"The database is at Airflow {state.airflow_version}, and its services are of {release}: deploy again.",
        )
    return ()


def known_images(state: DeployState) -> Mapping[str, str]:
    """Return the digests of images that have migrated this database, or begun to, by their release."""
    images = {state.airflow_version: state.image}
    if state.migrating:
        images[max(state.airflow_version, state.migrating, key=Version)] = state.migrating_image
    return {release: image for release, image in images.items() if image}
