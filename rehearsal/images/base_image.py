"""Makes a local base image from a virtual environment: this machine's Debian, its Python, and the packages."""

import hashlib
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.container_builder import BOOTSTRAP, Build, Builder
from rehearsal.images.debian_packages import ask
from rehearsal.images.virtualenvs import HASH_CHARACTERS, exclusive

TOOLS = ("bash", "ca-certificates", "curl", "git", "openssh-client", "procps")
"""What an image for Python programs has besides a minimal Debian."""

CERTIFICATES = Path("/usr/local/share/ca-certificates")
"""Authorities that this machine trusts besides Debian's; the image downloads through the same network."""

OS_RELEASE = Path("/etc/os-release")
_SKIPPED = ("./lib/*/test", "./lib/*/config-*", "*/__pycache__", "./lib/*/site-packages/*", "./share")
_OF_SCREENS = "_tkinter"


@dataclass(frozen=True, kw_only=True)
class BaseImage:
    """A base image: its virtualenv lies at `place` and belongs to `user`, `name:number`."""

    virtualenv: Path
    place: str
    user: str
    variables: Mapping[str, str]
    working_directory: str

    @property
    def reference(self) -> str:
        """Its local name; the virtualenv's name has the hash of its contents."""
        recipe = hashlib.sha256(f"{self}{TOOLS}{_codename()}{_instructions(self, '')}".encode()).hexdigest()
        return f"localhost/rehearsal/{self.virtualenv.name.lower()}:{recipe[:HASH_CHARACTERS]}"


def make_base(builder: Builder, base: BaseImage) -> str:
    """Make the base image if the store does not have it yet; return its reference."""
    with exclusive(builder.store.with_name(f"{builder.store.name}.lock")):
        if not builder.has(base.reference):
            python = _interpreter(base.virtualenv)
            with tempfile.TemporaryDirectory(dir=builder.store) as folder:
                context = Path(folder)
                _bootstrap(context / "debian.tar", _packages(python))
                _pack(python.parents[1], context / "python.tar", [f"--exclude={pattern}" for pattern in _SKIPPED])
                _pack(base.virtualenv, context / "packages.tar", ["--exclude=./.lock"])
                _copy_certificates(context / "certificates")
                (context / "Dockerfile").write_text(_instructions(base, python.name), encoding="utf-8")
                builder.build(base.reference, Build(context=context))
    return base.reference


def _instructions(base: BaseImage, python: str) -> str:
    name, _, number = base.user.partition(":")
    variables = {"PATH": f"{base.place}/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"}
    variables |= {"VIRTUAL_ENV": base.place, "LANG": "C.UTF-8", "HOME": f"/home/{name}", **base.variables}
    given = " ".join(f'{key}="{value}"' for key, value in variables.items())
    return f"""\
FROM scratch
ADD debian.tar /
ADD python.tar /usr/local/
ADD packages.tar {base.place}/
COPY certificates {CERTIFICATES}
RUN useradd --uid {number} --gid 0 --home-dir /home/{name} --shell /bin/bash {name} \\
    && find /usr/local/bin -type f ! -name '{python}*' -delete && ldconfig && update-ca-certificates \\
    && ln -sfn /usr/local/bin/{python} {base.place}/bin/python \\
    && sed -i 's#^home = .*#home = /usr/local/bin#' {base.place}/pyvenv.cfg \\
    && mkdir -p {base.working_directory} && chown -R {number}:0 /home/{name} {base.working_directory}
ENV {given}
USER {number}
WORKDIR {base.working_directory}
"""


def _codename() -> str:
    """Return the release of this machine's Debian; its libraries are those that its Python was built for."""
    text = OS_RELEASE.read_text(encoding="utf-8") if OS_RELEASE.exists() else ""
    found = re.search(r"^VERSION_CODENAME=(\S+)", text, re.MULTILINE)
    if found is None:
        raise _no_base("This machine is no Debian.")
    return found[1]


def _interpreter(virtualenv: Path) -> Path:
    """Return the Python behind a virtualenv; one that comes with the machine's own Debian cannot be copied."""
    python = (virtualenv / "bin" / "python").resolve()
    if python.is_relative_to("/usr/bin"):
        raise _no_base(f"{python} belongs to this machine's Debian.")
    return python


def _packages(python: Path) -> tuple[str, ...]:
    """Return the Debian packages that an interpreter and its modules are linked with."""
    modules = python.parents[1].glob(f"lib/{python.name}/lib-dynload/*.so")
    linked: set[str] = set()
    for file in (python, *(module for module in modules if not module.name.startswith(_OF_SCREENS))):
        said = ask("ldd", str(file), refuse=_no_base)
        linked |= {line.split()[2] for line in said.splitlines() if "=> /" in line}
    places = sorted({place for library in linked for place in _places(library)})
    done = subprocess.run(["dpkg-query", "--search", *places], check=False, capture_output=True, text=True)
    return tuple(sorted({line.partition(":")[0] for line in done.stdout.splitlines() if ": /" in line}))


def _places(library: str) -> Iterator[str]:
    """Yield the paths under which dpkg may know a library: since /lib became a link, it knows some by the old one."""
    resolved = str(Path(library).resolve())
    yield from (resolved, resolved.removeprefix("/usr"))


def _bootstrap(archive: Path, packages: Sequence[str]) -> None:
    wanted = ",".join(sorted({*TOOLS, *packages}))
    ask(BOOTSTRAP, "--variant=apt", f"--include={wanted}", _codename(), str(archive), refuse=_no_base)


def _pack(folder: Path, archive: Path, options: Sequence[str]) -> None:
    ask("tar", "--create", f"--file={archive}", f"--directory={folder}", *options, ".", refuse=_no_base)


def _copy_certificates(folder: Path) -> None:
    folder.mkdir()
    for certificate in sorted(CERTIFICATES.glob("*.crt")) if CERTIFICATES.is_dir() else ():
        (folder / certificate.name).write_bytes(certificate.read_bytes())


def _no_base(why: str) -> RehearsalFailure:
    return RehearsalFailure("There is no base image for the Dockerfile.", why)
