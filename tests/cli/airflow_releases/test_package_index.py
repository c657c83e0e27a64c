"""Releases and pins are asked for by uv."""

from datetime import date
from pathlib import Path

import pytest

from cli.airflow_releases.package_index import Published, pins, published, run_uv
from spec.errors import Refusal

PYLOCK = """\
[[packages]]
name = "apache-airflow"
version = "2.9.3"
sdist = { url = "a", upload-time = 2024-07-17T07:05:24Z }
wheels = [{ url = "b", upload-time = 2024-07-16T07:04:02Z }]
"""


class Uv:
    """Answers as uv does, and keeps what it was asked."""

    def __init__(self, pylock: str = PYLOCK, metadata: str = "Requirements") -> None:
        self.pylock, self.metadata = pylock, metadata
        self.asked: list[tuple[str, ...]] = []
        self.constraints = ""
        self.pins = "apache-airflow-providers-fab==1.2.1\n"

    def __call__(self, *words: str, typed: str = "") -> str:
        """Answer, and for an installation write the metadata of a release."""
        self.asked.append((*words, typed))
        if "--target" in words:
            info = Path(words[words.index("--target") + 1], "apache_airflow-2.9.3.dist-info")
            info.mkdir()
            (info / "METADATA").write_text(self.metadata)
            return ""
        if "--constraints" in words:
            self.constraints = Path(words[words.index("--constraints") + 1]).read_text(encoding="utf-8")
            return self.pins
        return self.pylock


def test_a_release_is_of_the_day_of_its_first_file() -> None:
    """Its wheel may be older than its source."""
    assert published("2.9.3", Uv()) == Published(version="2.9.3", day=date(2024, 7, 16), metadata="Requirements")


def test_an_index_without_upload_times_is_refused() -> None:
    """Pins of no day would be the newest packages, and those do not go with an older release."""
    with pytest.raises(Refusal, match="does not say when"):
        published("2.9.3", Uv('[[packages]]\nname = "apache-airflow"\nwheels = [{ url = "b" }]\n'))


def test_pins_are_those_of_the_day_but_for_packages_with_a_fault() -> None:
    """The day itself counts; croniter is newer."""
    uv = Uv()
    release = Published(version="2.9.3", day=date(2024, 7, 16), metadata="")
    assert pins(release, "3.12", uv) == uv.pins
    ((*words, _),) = uv.asked
    assert words[words.index("--exclude-newer") + 1] == "2024-07-17"
    assert words[words.index("--python-version") + 1] == "3.12"
    assert [word for word in words if word.startswith("croniter=")]
    assert uv.constraints.splitlines() == ["apache-airflow==2.9.3", "croniter>=6.1"]


def test_pins_without_a_login_are_refused() -> None:
    """Of some releases the package with the login installs on older Pythons alone."""
    uv = Uv()
    uv.pins = "six==1.17.0\n"
    with pytest.raises(Refusal, match=r"3\.1\.8 has no packages for a login on Python 3\.13"):
        pins(Published(version="3.1.8", day=date(2026, 3, 11), metadata=""), "3.13", uv)


def test_what_uv_refuses_is_told_with_its_words() -> None:
    """They name what is wrong."""
    with pytest.raises(Refusal) as refused:
        run_uv("pip", "compile", "/nowhere/requirements.txt")
    assert "/nowhere/requirements.txt" in refused.value.why
