"""The docstring under a field is its documentation: it is read from the source, bases included."""

from spec.environment import Environment
from spec.reading.field_docs import field_docs
from spec.reading.model_index import sections
from spec.sections.database import Container


def test_every_field_of_every_section_has_a_docstring() -> None:
    """It becomes the schema, the editor's help, the reference page and the starter YAML."""
    for section in sections(Environment):
        assert set(section.model_fields) <= set(field_docs(section)), section


def test_fields_of_a_base_are_documented_by_the_nearest_class() -> None:
    """A container is a service; its own words about `cpu` win."""
    assert "Default 256." in field_docs(Container)["cpu"]
