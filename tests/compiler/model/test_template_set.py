"""Promises of a set of templates: it knows the one that must fit into a request."""

import pytest

from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet


@pytest.mark.parametrize(("names", "inline"), [((ROOT, BOOTSTRAP, "edge.yaml"), BOOTSTRAP), ((ROOT,), ROOT)])
def test_what_comes_from_no_bucket_is_known(names: tuple[str, ...], inline: str) -> None:
    """The bootstrap template cannot lie in its own bucket; a network is its root alone, and needs none."""
    assert TemplateSet("demo", dict.fromkeys(names, ""), ()).inline == inline
