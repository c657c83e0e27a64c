"""`windsock sbom`: stdout has the document or nothing."""

from tests.cli.shell import Windsock


def test_it_has_no_choice_of_formats(windsock: Windsock) -> None:
    """The document is CycloneDX in JSON, and an option that nobody knows is refused before any call."""
    ran = windsock("sbom", "env.yaml", "--format", "spdx")
    assert (ran.code, ran.out) == (2, "")
    assert "--format" in ran.err
