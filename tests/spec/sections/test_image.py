"""The image section names build secrets and pins in a form that a build can use."""

import re

import pytest
from pydantic import ValidationError

from spec.sections.image import Image


def test_names_and_versions_pass() -> None:
    """As the requirements of an image have them."""
    image = Image.model_validate({"secrets": ["PIP_TOKEN"], "pins": {"typing-extensions": "4.13.0rc1"}})
    assert image.secrets == ("PIP_TOKEN",)
    assert image.pins == {"typing-extensions": "4.13.0rc1"}


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"secrets": ["pip-token"]}, "PIP_TOKEN"),
        ({"secrets": ["A", "A"]}, "named twice"),
        ({"pins": {"Typing_Extensions": "4"}}, "typing-extensions"),
        ({"pins": {"apache-airflow": "2.9.0"}}, r"airflow\.version"),
        ({"pins": {"six": ">=1.17"}}, "not one exact version"),
        ({"pins": {"six": "1.17 --index-url x"}}, "not one exact version"),
    ],
)
def test_what_a_build_cannot_use_is_refused(section: dict[str, object], told: str) -> None:
    """With what would be right."""
    with pytest.raises(ValidationError) as refusal:
        Image.model_validate(section)
    errors = str([error.get("ctx") for error in refusal.value.errors()])
    assert re.search(told, errors)
