"""Every login of the YAML has its kind in the compiler."""

from typing import get_args

from compiler.logins.roster import LOGINS
from spec.sections.auth import Auth


def test_every_login_of_the_yaml_has_a_kind() -> None:
    """A login that the YAML offers and the compiler does not know would fail while it compiles."""
    sections = get_args(get_args(Auth)[0])
    assert {get_args(section)[1].tag for section in sections} == set(LOGINS)
