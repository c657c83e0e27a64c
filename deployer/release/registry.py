"""Asks a registry which digest a tag has, as anybody may who has no login there.

Source: "Pulling manifests" and "Checking if content exists in the registry", Open Container Initiative Distribution
Specification, https://github.com/opencontainers/distribution-spec/blob/main/spec.md; "Token Authentication
Specification", https://distribution.github.io/distribution/spec/auth/token/
"""

import re
from dataclasses import dataclass

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from spec.errors import Refusal

_DOCKER_HUB, _DOCKER_REGISTRY = "docker.io", "registry-1.docker.io"
_LOOPBACK = ("localhost", "127.0.0.1")
_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
)
"""An index first: its digest stands for the images of all processors."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_SECONDS = 30
_RETRIES = Retry(total=3, backoff_factor=1, status_forcelist=(429, 500, 502, 503, 504), raise_on_status=False)


class RegistryRefusal(Refusal):
    """A registry did not tell the digest of a tag."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An image by tag, as `docker pull` understands it."""

    name: str
    """Everything before the tag, as it was written."""
    host: str
    path: str
    tag: str

    @classmethod
    def of(cls, text: str) -> "Reference":
        """Read a reference such as `apache/airflow:2.5.3` or `public.ecr.aws/docker/library/postgres:16`."""
        name, _, tag = text.rpartition(":")
        first, _, rest = name.partition("/")
        if rest and (first == "localhost" or set(".:") & set(first)):
            return cls(name=name, host=first, path=rest, tag=tag)
        return cls(name=name, host=_DOCKER_HUB, path=name if rest else f"library/{name}", tag=tag)

    @property
    def manifest(self) -> str:
        """The address of its manifest; a registry of this machine needs no TLS, as for the container tools."""
        scheme = "http" if self.host.partition(":")[0] in _LOOPBACK else "https"
        host = _DOCKER_REGISTRY if self.host == _DOCKER_HUB else self.host
        return f"{scheme}://{host}/v2/{self.path}/manifests/{self.tag}"


def pinned(text: str) -> str:
    """Return an image by the digest that its tag has now. Raises `RegistryRefusal`."""
    reference = Reference.of(text)
    try:
        answer = _head(reference)
    except requests.RequestException as error:
        raise _refusal(text, str(error)) from error
    digest = answer.headers.get("Docker-Content-Digest", "")
    if not answer.ok or not _DIGEST.fullmatch(digest):
        raise _refusal(text, f"{reference.manifest} answers with status {answer.status_code} and names no digest.")
    return f"{reference.name}@{digest}"


def _head(reference: Reference) -> requests.Response:
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=_RETRIES))
        session.headers["Accept"] = _MANIFESTS
        answer = session.head(reference.manifest, timeout=_SECONDS, allow_redirects=True)
        challenge = answer.headers.get("WWW-Authenticate", "")
        if answer.status_code == requests.codes.unauthorized and challenge.startswith("Bearer "):
            asked = dict(_CHALLENGE.findall(challenge))
            token = session.get(asked.pop("realm", ""), params=asked, timeout=_SECONDS)
            token.raise_for_status()
            given = token.json()
            session.headers["Authorization"] = f"Bearer {given.get('token') or given.get('access_token')}"
            answer = session.head(reference.manifest, timeout=_SECONDS, allow_redirects=True)
        return answer


def _refusal(text: str, why: str) -> RegistryRefusal:
    return RegistryRefusal(
        f"The registry does not say which digest {text} has.",
        why=why,
        next_step="Look whether this machine reaches the registry, then run the same command again.",
    )
