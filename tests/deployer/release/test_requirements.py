"""Every file that requirements name is known, and a contradiction with the pins is told in one sentence."""

from pathlib import Path

import pytest

from deployer.release.requirements import (
    RequirementsRefusal,
    override,
    read_pins,
    read_requirements,
    refuse_contradictions,
    refuse_unnamed,
)

PINS = {"pandas": "2.1.4", "typing-extensions": "4.12.2"}


def _context(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / "docker" / name.replace("__", "/").replace("_txt", ".txt").replace("_whl", ".whl")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "docker"


def test_files_that_files_name_are_followed(tmp_path: Path) -> None:
    """`-r`, `-c`, wheels, folders of wheels and packages; a circle ends."""
    context = _context(
        tmp_path,
        requirements_txt="-r more/team.txt\n./wheels/acme-1-py3-none-any.whl\n-f wheels\n-e ./own  # ours\nhumanize\n",
        more__team_txt="--constraint=limits.txt\n-r ../requirements.txt\npandas>=2 \\\n  ; python_version > '3'\n",
        more__limits_txt="six==1.16.0\n",
        wheels__other_whl="",
        own__setup="",
    )
    (context / "wheels" / "acme-1-py3-none-any.whl").write_text("")
    found = read_requirements(context)
    names = {file.relative_to(context).as_posix() for file in found.files}
    wheels = {"wheels/acme-1-py3-none-any.whl", "wheels/other.whl"}
    assert names == {"requirements.txt", "more/team.txt", "more/limits.txt", "own/setup", *wheels}
    assert {line.text.split()[0] for line in found.packages} == {"humanize", "pandas>=2", "six==1.16.0"}


@pytest.mark.parametrize("line", ["-r team.txt", "--requirement team.txt", "./x.whl", "-e ./own", "x.whl", "lib/x.zip"])
def test_a_missing_file_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    """Before a build fails of it."""
    context = _context(tmp_path, requirements_txt=f"# first\n\n{line}\n")
    with pytest.raises(RequirementsRefusal, match=r"requirements\.txt, line 3, names a file that is not there"):
        read_requirements(context)


@pytest.mark.parametrize("line", ["-r ../team.txt", "../x.whl", "/etc/hostname", "-f /"])
def test_a_file_outside_the_folder_is_refused(tmp_path: Path, line: str) -> None:
    """The build of an image sees its own folder alone, while uv on this machine would find the file."""
    (tmp_path / "team.txt").write_text("")
    (tmp_path / "x.whl").write_text("")
    context = _context(tmp_path, requirements_txt=line)
    with pytest.raises(RequirementsRefusal, match="outside"):
        read_requirements(context)


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url https://user:${PIP_TOKEN}@example.com/simple",
        "-f https://example.com/wheels",
        "-r https://example.com/team.txt",
        "acme @ git+https://${GIT_TOKEN}@example.com/acme.git@v1",
        "git+https://example.com/acme.git#egg=acme",
        "apache-airflow[amazon,postgres]",
        "six==1.16.0 --hash=sha256:abc",
    ],
)
def test_what_is_no_local_file_is_left_to_pip(tmp_path: Path, line: str) -> None:
    """Only the file itself is found."""
    assert [file.name for file in read_requirements(_context(tmp_path, requirements_txt=line)).files] == [
        "requirements.txt"
    ]


@pytest.mark.parametrize("line", ["pandas>=2.2", "Pandas == 2.2.*", "typing_extensions<4"])
def test_a_contradiction_names_both_and_the_way_out(tmp_path: Path, line: str) -> None:
    """However the name is spelled."""
    found = read_requirements(_context(tmp_path, requirements_txt=f"six\n{line}\n"))
    with pytest.raises(RequirementsRefusal, match=r"requirements\.txt, line 2, asks for .* is pinned to") as refusal:
        refuse_contradictions(found, PINS, "2.11.2")
    assert "Airflow 2.11.2" in refusal.value.what
    assert "image: {pins: {" in refusal.value.next_step


@pytest.mark.parametrize(
    "line",
    ["pandas", "pandas>=2,<3", "pandas>=9 ; python_version < '3'", "pandas @ https://example.com/p.whl", "new>9"],
)
def test_what_agrees_with_the_pins_passes(tmp_path: Path, line: str) -> None:
    """As does what applies to another Python, or to no pin."""
    refuse_contradictions(read_requirements(_context(tmp_path, requirements_txt=line)), PINS, "2.11.2")


def test_a_pin_is_replaced_by_its_name() -> None:
    """All other lines stay as they are."""
    text = "# a release\npandas==2.1.4\nTyping_Extensions==4.12.2\nsix==1.16.0\n"
    changed = override(text, {"pandas": "2.2.3", "typing-extensions": "4.13"})
    assert changed == "# a release\npandas==2.2.3\nTyping_Extensions==4.13\nsix==1.16.0\n"
    assert read_pins(changed)["pandas"] == "2.2.3"


def test_a_pin_that_is_none_is_refused() -> None:
    """It would have no effect."""
    with pytest.raises(RequirementsRefusal, match="padnas"):
        override("pandas==2.1.4\n", {"padnas": "2.2.3"})


def test_a_variable_that_the_build_would_not_have_is_told_with_its_line(tmp_path: Path) -> None:
    """This machine may have it; a secret of the YAML, and one that the Dockerfile sets, are there."""
    index = "--extra-index-url https://u:${PIP_TOKEN}@${PIP_HOST}/simple\n"
    found = read_requirements(_context(tmp_path, requirements_txt=f"humanize\n{index}"))
    with pytest.raises(RequirementsRefusal, match=r"line 2, takes PIP_TOKEN from the environment") as refusal:
        refuse_unnamed(found, ["OTHER"], "ENV PIP_HOST=pkgs.example.com")
    assert "image: {secrets: [OTHER, PIP_TOKEN]}" in refusal.value.next_step
    refuse_unnamed(found, ["PIP_TOKEN"], "ENV PIP_HOST=pkgs.example.com")
