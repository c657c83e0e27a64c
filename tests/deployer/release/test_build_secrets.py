"""Values that a build needs are handed over by name alone, and one that is missing is told."""

import shlex
import subprocess

import pytest

from deployer.release.build_secrets import BuildSecretRefusal, BuildSecrets

VALUE = "it's $HOME `id`\nand more"


def test_a_missing_variable_is_named() -> None:
    """Before anything is built, with a command that leaves no trace in a shell's history."""
    with pytest.raises(BuildSecretRefusal, match="GIT_TOKEN") as refusal:
        BuildSecrets.of(["PIP_TOKEN", "GIT_TOKEN"], {"PIP_TOKEN": "x", "GIT_TOKEN": ""})
    assert "PIP_TOKEN" not in str(refusal.value)
    assert "read -rs GIT_TOKEN" in refusal.value.next_step


def test_a_shell_reads_any_value_as_it_is() -> None:
    """As the Dockerfile does: quotes, dollars and new lines have no meaning in it."""
    lines = BuildSecrets({"A": VALUE}).variables["WINDSOCK_BUILD_SECRETS"]
    said = subprocess.run(["sh", "-c", f'{lines}printf %s "$A"'], capture_output=True, text=True, check=True)
    assert said.stdout == VALUE


def test_arguments_hold_names_alone() -> None:
    """Every user of a machine sees arguments; nothing shows a value in a traceback either."""
    secrets = BuildSecrets({"A": VALUE})
    assert VALUE not in shlex.join(secrets.arguments)
    assert VALUE not in repr(secrets)
    assert secrets.scrub(f"cannot read {VALUE}") == "cannot read ****"


@pytest.mark.parametrize(
    ("dockerfile", "deaf"),
    [
        ("RUN pip install -r requirements.txt", True),
        ("RUN --mount=type=bind,target=/c --mount=type=secret,id=windsock pip install -r r", False),
        ("RUN --mount=type=secret,id=PIP_TOKEN pip install -r r", False),
        ("RUN --mount=type=secret,id=other pip install -r r", True),
    ],
)
def test_a_dockerfile_that_reads_no_secret_is_refused(dockerfile: str, deaf: bool) -> None:  # noqa: FBT001  # parametrised
    """It would fail at the index, without a word about the secret."""
    secrets = BuildSecrets({"PIP_TOKEN": "x"})
    if not deaf:
        secrets.refuse_deaf(dockerfile)
        return
    with pytest.raises(BuildSecretRefusal, match="mounts none"):
        secrets.refuse_deaf(dockerfile)


def test_without_secrets_any_dockerfile_is_fine() -> None:
    """It has nothing to read."""
    BuildSecrets().refuse_deaf("FROM scratch")
    assert BuildSecrets().arguments == ()
    assert BuildSecrets().variables == {}
