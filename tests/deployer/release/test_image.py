"""The image is built once per set of ingredients, and the registry's password stands in no argument."""

import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from deployer.aws.ecr import Login
from deployer.release.build_secrets import BuildSecrets
from deployer.release.image import ContainerBuild, Image, ImageRefusal
from deployer.release.image_context import ImageContext
from deployer.release.requirements import RequirementsRefusal
from spec.releases.table import RELEASES
from spec.sections.image import Image as ImageSection
from tests.deployer.fakes.session import FakeEcr, FakeSession, Recorder

LOCK = "airflow-2.5.3-python3.10.txt"
DIGEST = f"sha256:{'d' * 64}"
REPOSITORY = "123456789012.dkr.ecr.us-west-2.amazonaws.com/demo"


@dataclass
class Registry(FakeEcr):
    """ECR that holds whatever the builder's log says was pushed."""

    log: Path = Path()
    requested: list[str] = field(default_factory=list)

    def digest(self, _repository: str, tag: str) -> str | None:
        """Mirror the real client."""
        self.requested.append(tag)
        return DIGEST if self.log.exists() and f"push {REPOSITORY}:{tag}" in self.log.read_text() else None

    def login(self) -> Login:
        """Mirror the real client."""
        return Login("123456789012.dkr.ecr.us-west-2.amazonaws.com", "AWS", "very-secret-token")


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Make a build context with two locks."""
    for path in ("docker/Dockerfile", "docker/requirements.txt", f"docker/constraints/{LOCK}", "docker/constraints/b"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"# {path}\n")
    (tmp_path / "docker" / "constraints" / LOCK).write_text("apache-airflow==2.5.3\npandas==1.5.3\n")
    return tmp_path / "docker"


def _build(
    context: Path,
    builder: str | None = "docker",
    fails: str = "nothing",
    platform: str = "linux/amd64",
    more: ImageContext | None = None,
) -> ContainerBuild:
    tools = context.parent / "tools"
    tools.mkdir(exist_ok=True)
    log = context.parent / "log"
    if builder:
        script = tools / builder
        script.write_text(
            f'#!/bin/sh\necho "$@" >> {log}\n'
            f'[ "$1" = login ] && cat >> {context.parent}/stdin\n'
            f'if [ "$1" = {fails} ]; then echo "{fails} went wrong"; exit 7; fi\nexit 0\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    session = FakeSession(ecr=Registry(log=log))
    return ContainerBuild(
        context=more or ImageContext(folder=context, lock=context.parent / "shipped" / LOCK, airflow="2.5.3"),
        base_image="apache/airflow:2.5.3-python3.10",
        platform=platform,
        session=session.as_session,
        progress=Recorder(),
        search_path=str(tools),
    )


@pytest.mark.parametrize("builder", ["docker", "podman"])
def test_it_builds_logs_in_pushes_and_logs_out(context: Path, builder: str) -> None:
    """In this order, with the release's base image and constraints."""
    build = _build(context, builder)
    assert build.build(REPOSITORY) == Image(DIGEST, build.tag)
    verbs = [line.split()[0] for line in (context.parent / "log").read_text().splitlines()]
    assert verbs == ["build", "build", "login", "push", "logout"]
    first = (context.parent / "log").read_text().splitlines()[0]
    assert "--build-arg BASE_IMG=apache/airflow:2.5.3-python3.10" in first
    assert f"--build-arg CONSTRAINTS={LOCK}" in first


def test_windsocks_layer_lies_on_top_of_the_users_image(context: Path) -> None:
    """The second build starts from the first, and what is pushed is the second."""
    build = _build(context)
    build.build(REPOSITORY)
    first, second, *_, push, _logout = (context.parent / "log").read_text().splitlines()
    own = first.partition("--tag ")[2].split()[0]
    assert own == f"localhost/windsock:{build.tag}"
    assert f"--build-arg IMAGE={own} --tag {REPOSITORY}:{build.tag}" in second
    assert push == f"push {REPOSITORY}:{build.tag}"


def test_the_image_is_built_for_the_processors_of_the_yaml(context: Path) -> None:
    """And is another one for others, under another tag."""
    arm = _build(context, platform="linux/arm64")
    assert arm.build(REPOSITORY) == Image(DIGEST, arm.tag)
    assert "--platform linux/arm64" in (context.parent / "log").read_text()
    assert arm.tag != _build(context).tag


def test_the_password_goes_over_stdin(context: Path) -> None:
    """Arguments are visible to every user of the machine."""
    _build(context).build(REPOSITORY)
    assert "very-secret-token" not in (context.parent / "log").read_text()
    assert (context.parent / "stdin").read_text() == "very-secret-token"
    assert "very-secret-token" not in repr(Login("r", "AWS", "very-secret-token"))


def test_what_was_pushed_is_not_built_again(context: Path) -> None:
    """Tags are hashes of the ingredients and never change their meaning."""
    build = _build(context)
    build.build(REPOSITORY)
    before = (context.parent / "log").read_text()
    assert build.build(REPOSITORY) == Image(DIGEST, build.tag)
    assert (context.parent / "log").read_text() == before


@pytest.mark.parametrize(
    ("path", "changes"), [("requirements.txt", True), (f"constraints/{LOCK}", True), ("constraints/b", False)]
)
def test_the_tag_follows_the_ingredients(context: Path, path: str, changes: bool) -> None:  # noqa: FBT001  # parametrised
    """Another release's lock is no ingredient."""
    before = _build(context).tag
    (context / path).write_text("changed")
    assert (_build(context).tag != before) == changes


def test_a_missing_builder_is_refused(context: Path) -> None:
    """With what to install."""
    with pytest.raises(ImageRefusal) as refusal:
        _build(context, None).build(REPOSITORY)
    assert "podman" in refusal.value.next_step


@pytest.mark.parametrize("step", ["build", "login", "push"])
def test_a_failed_step_shows_its_last_lines(context: Path, step: str) -> None:
    """The builder's own words are passed on."""
    with pytest.raises(ImageRefusal, match=f"docker {step}` failed with 7") as refusal:
        _build(context, fails=step).build(REPOSITORY)
    assert f"{step} went wrong" in refusal.value.why


def test_a_missing_lock_is_refused(context: Path) -> None:
    """The image is built with pins that ran, or not at all."""
    (context / "constraints" / LOCK).unlink()
    with pytest.raises(RequirementsRefusal, match=LOCK):
        _build(context).build(REPOSITORY)


def test_the_builder_finds_the_pins_that_came_with_the_release(context: Path) -> None:
    """Where the folder lacks them, it gets them in a copy; the image has the same tag as with them."""
    own, shipped = context / "constraints" / LOCK, context.parent / "shipped" / LOCK
    tag = _build(context).tag
    shipped.parent.mkdir()
    own.rename(shipped)
    build = _build(context)
    tool = context.parent / "tools" / "docker"
    listing = f'for last; do :; done; [ ! -d "$last" ] || ls "$last" >> {context.parent}/seen; exit 0'
    tool.write_text(tool.read_text().replace("exit 0", listing))
    assert build.build(REPOSITORY) == Image(DIGEST, tag)
    assert "constraints" in (context.parent / "seen").read_text()
    assert not own.exists()


def _with_secret(context: Path, monkeypatch: pytest.MonkeyPatch) -> ImageContext:
    monkeypatch.setenv("PIP_TOKEN", "s3cr3t-token")
    (context / "Dockerfile").write_text("RUN --mount=type=secret,id=windsock,uid=50000 pip install x\n")
    return ImageContext(
        folder=context,
        lock=context.parent / "shipped" / LOCK,
        airflow="2.5.3",
        section=ImageSection(secrets=("PIP_TOKEN",)),
    )


def test_a_build_secret_stands_in_no_argument_and_in_no_refusal(context: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The builder gets its name, and takes the value from its environment; what it prints of it is hidden."""
    build = _build(context, fails="build", more=_with_secret(context, monkeypatch))
    tool = context.parent / "tools" / "docker"
    tool.write_text(tool.read_text().replace("went wrong", "with $PIP_TOKEN went wrong"))
    with pytest.raises(ImageRefusal) as refusal:
        build.build(REPOSITORY)
    assert refusal.value.why == "build with **** went wrong"
    words = (context.parent / "log").read_text()
    assert "--secret id=windsock,env=WINDSOCK_BUILD_SECRETS --secret id=PIP_TOKEN,env=PIP_TOKEN" in words
    assert "s3cr3t" not in words


def test_other_pins_are_another_image_and_the_build_gets_them(context: Path) -> None:
    """And whoever deploys reads which version takes the place of which."""
    (context / "Dockerfile").write_text("ARG PINS=\n")
    pinned = ImageContext(
        folder=context,
        lock=context.parent / "shipped" / LOCK,
        airflow="2.5.3",
        section=ImageSection(pins={"pandas": "2.0.3"}),
    )
    build = _build(context, more=pinned)
    build.build(REPOSITORY)
    assert "--build-arg PINS=pandas==2.0.3" in (context.parent / "log").read_text()
    assert build.tag != _build(context).tag
    assert any("pandas 2.0.3 instead of 1.5.3" in note for note in build.progress.notes)  # type: ignore[attr-defined]  # the test's own


def test_an_image_of_another_release_has_windsocks_layer_and_nothing_of_the_user(context: Path) -> None:
    """One build on the official image, once, under a tag of its own."""
    build, release = _build(context), RELEASES["2.11.2"]
    image = build.provide_release(REPOSITORY, release)
    assert image.tag.startswith("release-")
    verbs = (context.parent / "log").read_text().splitlines()
    assert [line.split()[0] for line in verbs] == ["build", "login", "push", "logout"]
    assert "--build-arg IMAGE=apache/airflow:2.11.2-python3.12" in verbs[0]
    assert build.provide_release(REPOSITORY, release) == image
    assert (context.parent / "log").read_text().splitlines() == verbs


def _speaking(context: Path, *lines: str, quiet_seconds: float = 30.0) -> tuple[ContainerBuild, Recorder]:
    """Return a build whose builder does these lines of shell when it builds."""
    build, recorder = _build(context), Recorder()
    tool = context.parent / "tools" / "docker"
    said = "".join(f"{line}\n" for line in lines)
    text = tool.read_text(encoding="utf-8").replace("exit 0", f'if [ "$1" = build ]; then\n:\n{said}fi\nexit 0')
    tool.write_text(text, encoding="utf-8")
    return replace(build, progress=recorder, quiet_seconds=quiet_seconds), recorder


def test_each_step_of_a_build_is_told_once(context: Path) -> None:
    """In the words of docker and of podman; what a step says itself is not."""
    said = ["#7 [2/3] RUN pip install", "#7 0.3 Collecting pandas", "#7 [2/3] RUN pip install", "STEP 3/3: COPY a b"]
    build, recorder = _speaking(context, *(f"echo '{line}'" for line in said))
    build.build(REPOSITORY)
    told = [note for note in recorder.notes if note.startswith("docker build: ")]
    assert told[:2] == ["docker build: #7 [2/3] RUN pip install", "docker build: STEP 3/3: COPY a b"]
    assert not any("Collecting" in note for note in recorder.notes)


def test_a_build_that_takes_long_shows_its_last_line(context: Path) -> None:
    """So that nobody takes it for hung, whether it says nothing or much."""
    build, recorder = _speaking(context, "echo 'Building wheel for pandas'", "sleep 0.4", quiet_seconds=0.1)
    build.build(REPOSITORY)
    assert any("goes on, for" in note and "Building wheel for pandas" in note for note in recorder.notes)


def test_no_line_that_is_told_has_a_secret(context: Path) -> None:
    """Not even a line of a secret of several."""
    build, recorder = _speaking(context, "echo 'STEP 1/1: RUN a-key b'")
    secrets = BuildSecrets({"KEY": "first\na-key\nlast"})
    build._build(str(context.parent / "tools" / "docker"), "one", context, secrets=secrets)
    assert "docker build: STEP 1/1: RUN **** b" in recorder.notes
