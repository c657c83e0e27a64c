"""Builds the virtual environment that stands for the image: requirements of the image's folder, pins of the release."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from deployer.release.build_secrets import BuildSecrets
from deployer.release.image_context import SHIPPED, ImageContext
from deployer.release.requirements import REQUIREMENTS, Requirements, read_pins
from rehearsal import images
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.mysqlclient import mysqlclient_source
from rehearsal.images.virtualenvs import Source, Virtualenv
from spec.environment import Environment
from spec.releases.table import Release

SOURCES: Mapping[str, Callable[[Path], Source]] = {"mysqlclient": mysqlclient_source}
"""Packages of the official image that this machine compiles itself, by their names in the release table."""

OFFICIAL = Path(__file__).with_name("official.txt")
"""What the official image brings to requirements that do not name it."""

_AIRFLOW, _PROVIDERS = "apache-airflow", "apache-airflow-providers-"

PIP = Path(images.__file__).with_name("pip.txt")


def build_airflow(env: Environment, checkout: Path, cache: Path) -> Path:
    """Build the virtualenv, or find it in the cache.

    Raises:
        Refusal: the requirements, pins or build secrets cannot be used.
        RehearsalFailure: it cannot be built; the failure names the pins that stand in the way.
    """
    context = ImageContext.of(env, checkout)
    secrets = BuildSecrets.of(context.section.secrets)
    try:
        return _airflow(env, context, cache).build()
    except RehearsalFailure as failure:
        why = secrets.scrub(failure.why)
        raise RehearsalFailure(failure.what, why, _way_out(why, context) or failure.next_step) from failure


def find_airflow(env: Environment, checkout: Path, cache: Path) -> Path | None:
    """Return what `build_airflow` would return if that is in the cache. Raises `Refusal` as it does."""
    return _airflow(env, ImageContext.of(env, checkout), cache).find()


def _airflow(env: Environment, context: ImageContext, cache: Path) -> Virtualenv:
    release, python, found = env.airflow.release, env.airflow.python, context.check()
    return Virtualenv(
        name=f"airflow-{release.version}-python{python}",
        python=python,
        requirements=[context.folder / REQUIREMENTS, *(() if _brings_official(found) else (OFFICIAL,))],
        constraints=_constraints(context, cache),
        cache=cache,
        sources=engine_sources(env, cache),
        named=found.files[1:],
    )


def _brings_official(found: Requirements) -> bool:
    """Whether requirements.txt itself names all of it; what it includes may be constraints."""
    own = found.context / REQUIREMENTS
    named = {extra for line in found.packages if line.file == own for extra in _extras(line.text)}
    lines = OFFICIAL.read_text(encoding="utf-8").splitlines()
    return named >= {extra for line in lines if not line.startswith("#") for extra in _extras(line)}


def _extras(text: str) -> AbstractSet[str]:
    """Return the extras of Airflow that a requirement brings; a provider is one of them under its own name."""
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return frozenset()  # the build says what is wrong with it
    name = canonicalize_name(wanted.name)
    return wanted.extras if name == _AIRFLOW else {name.removeprefix(_PROVIDERS)} if _PROVIDERS in name else frozenset()


def build_base_airflow(release: Release, python: str, cache: Path, sources: Sequence[Source] = ()) -> Path:
    """Build the virtualenv of a base image: what a new project installs, and pip for the Dockerfile."""
    return Virtualenv(
        name=f"airflow-{release.version}-python{python}-base",
        python=python,
        requirements=[SHIPPED / REQUIREMENTS, PIP],
        constraints=release.lock_file(python),
        cache=cache,
        sources=sources,
    ).build()


def engine_sources(env: Environment, cache: Path) -> list[Source]:
    """Return the packages that the release insists on for the engine of the database, to be compiled here."""
    needed = env.airflow.release.needs_packages.get(env.database.engine, ())
    return [SOURCES[name](cache) for name in needed]


def _constraints(context: ImageContext, cache: Path) -> Path:
    """Return the file of the release, or a copy in which the YAML's versions replace its own."""
    if not context.section.pins:
        return context.constraints
    text = context.constraints_text
    file = cache / f"pins-{hashlib.sha256(text.encode()).hexdigest()[:12]}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _way_out(why: str, context: ImageContext) -> str:
    """Name the pins that the solver named, and how the YAML overrides them; empty when it named none."""
    pins = read_pins(context.constraints_text)
    found = {name: version for name, version in pins.items() if f"{name}=={version}" in why}
    if not found:
        return ""
    stated = ", ".join(f"{name} {version}" for name, version in found.items())
    return (
        f"Airflow {context.airflow} is pinned to {stated}. Change the requirement, or override a pin in the "
        f'environment YAML: image: {{pins: {{{next(iter(found))}: "<version>"}}}}.'
    )
