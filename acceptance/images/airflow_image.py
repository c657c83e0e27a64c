"""Makes what stands for Airflow's image: a virtual environment, or the user's Dockerfile really built."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.images.airflow_virtualenv import build_airflow, build_base_airflow, engine_sources
from compiler.contract import AIRFLOW_HOME, PYTHON_PATH
from deployer.release.build_secrets import BuildSecrets
from deployer.release.dockerfile import official_images
from deployer.release.image_context import DOCKERFILE, ImageContext
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.base_image import BaseImage, make_base
from rehearsal.images.built_image import BuiltImage, build_image
from rehearsal.images.container_builder import Build, Builder, find_builder
from spec.environment import Environment

AIRFLOW_VARIABLES: Mapping[str, str] = {"AIRFLOW_HOME": AIRFLOW_HOME, "PYTHONUNBUFFERED": "1"}
"""What the official image brings besides packages."""

USER = "airflow:50000"
PACKAGES_AT = "/home/airflow/.local"
"""Where the official image has its user and its packages."""

_HASH_CHARACTERS = 12
_TOOLS = "buildah or podman, and mmdebstrap"


@dataclass(frozen=True, kw_only=True)
class AirflowImage:
    """A virtual environment, or the built image that has its place, and what to tell of it."""

    virtualenv: Path
    built: BuiltImage | None = None
    env_vars: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name, which has the hash of its contents."""
        return self.built.folder.name if self.built else self.virtualenv.name

    @property
    def variables(self) -> Mapping[str, str]:
        """The variables of its processes, as the image with Windsock's layer on top sets them."""
        given = self.built.configuration.variables if self.built else {**AIRFLOW_VARIABLES, **self.env_vars}
        paths = filter(None, (PYTHON_PATH, given.get("PYTHONPATH")))
        return {**given, "PYTHONPATH": ":".join(paths)}


def make_airflow_image(
    env: Environment,
    checkout: Path,
    cache: Path,
    find: Callable[[Path], Builder | None] = find_builder,
) -> AirflowImage:
    """Build the Dockerfile if it does more than install requirements and this machine can; else a virtualenv.

    Raises:
        Refusal: the Dockerfile, the requirements or the YAML's pins and secrets cannot be used.
        RehearsalFailure: the build failed.
    """
    context = ImageContext.of(env, checkout)
    secrets = BuildSecrets.of(context.section.secrets)
    context.check()
    context.check_dockerfile(secrets)
    told, more = tuple(context.told()), context.beyond_requirements()
    if not more:
        return AirflowImage(virtualenv=build_airflow(env, checkout, cache), told=told)
    builder = find(cache / "images")
    lacking = f"This machine lacks {_TOOLS}."
    if builder:
        sources = engine_sources(env, cache)
        base = _base(build_base_airflow(env.airflow.release, env.airflow.python, cache, sources))
        try:
            reference = make_base(builder, base)
        except RehearsalFailure as failure:
            lacking = failure.why
        else:
            built = _build(builder, reference, context, secrets, cache)
            return AirflowImage(virtualenv=base.virtualenv, built=built, told=told)
    left = f"{context.folder / DOCKERFILE} is not built here. {lacking} Left out, but for ENV: {'; '.join(more)}."
    return AirflowImage(virtualenv=build_airflow(env, checkout, cache), env_vars=context.env_vars(), told=(*told, left))


def _base(virtualenv: Path) -> BaseImage:
    return BaseImage(
        virtualenv=virtualenv,
        place=PACKAGES_AT,
        user=USER,
        variables=AIRFLOW_VARIABLES,
        working_directory=AIRFLOW_HOME,
    )


def _build(builder: Builder, base: str, context: ImageContext, secrets: BuildSecrets, cache: Path) -> BuiltImage:
    arguments = (f"BASE_IMG={base}", *context.build_arguments)
    total = hashlib.sha256("\0".join(arguments).encode())
    for name, content in context.ingredients():
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    name = f"built-{context.lock.stem}-{total.hexdigest()[:_HASH_CHARACTERS]}"
    with context.build_folder() as folder:
        build = Build(
            context=folder,
            arguments=arguments,
            stands_for=dict.fromkeys(official_images(context.dockerfile), base),
            secrets=secrets.arguments,
            variables=secrets.variables,
        )
        try:
            return build_image(builder, build, name=name, cache=cache)
        except RehearsalFailure as failure:
            raise RehearsalFailure(failure.what, secrets.scrub(failure.why), failure.next_step) from failure
