"""The index of the models has every key of the YAML."""

from spec.reading.model_index import description, homes, keys


def test_a_section_lists_its_keys() -> None:
    """A section names its keys; a plain value has none."""
    assert keys(("logs",)) == ["retention_days", "remote", "access"]
    assert keys(("services", "triggerer")) == ["cpu", "memory", "count"]
    assert keys(("name",)) == []
    assert keys(("nowhere",)) == []


def test_sections_under_names_of_the_user_list_their_keys() -> None:
    """So do those of a list; the name itself, or the place in the list, may be anything."""
    assert keys(("airflow", "secrets", "API_TOKEN")) == ["secret", "key", "parameter"]
    assert keys(("airflow", "statements", 3)) == ["actions", "resources"]
    assert description(("airflow", "secrets", "API_TOKEN", "key")).startswith("Key of a secret")


def test_a_field_is_described_by_its_docstring() -> None:
    """A field's docstring is found, also from inside a mapping that it describes."""
    assert description(("database", "storage_gb")).startswith("Size of the gp3 volume")
    assert description(("airflow", "config", "core", "parallelism")) == description(("airflow", "config"))


def test_a_key_is_found_in_every_section_that_has_it() -> None:
    """A key that several sections have is found in each."""
    assert homes("version") == [("airflow", "version"), ("database", "version"), ("database", "former", "version")]
    assert homes("nothing") == []
