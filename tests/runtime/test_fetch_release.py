"""A container has the current release in its home before Airflow starts."""

import pytest

from tests.runtime.conftest import Home
from tests.runtime.store import bucket, release, stored

pytestmark = pytest.mark.airflow

FETCH = "from windsock_runtime.fetch_release import main; main()"


def test_the_folders_of_the_home_lead_to_the_release(home: Home) -> None:
    """What the image had there is hidden, as a mount would hide it; a later start takes the later release."""
    (home.folder / "dags").mkdir()
    (home.folder / "dags" / "of_image.py").write_text("")
    objects = stored(release("one"))
    with bucket(objects) as variables:
        home.run(FETCH, variables)
        assert (home.folder / "dags" / "helper.py").read_text() == "WORD = 'one'\n"
        assert not (home.folder / "dags" / "of_image.py").exists()
        objects |= stored(release("two"))
        home.run(FETCH, variables)
    assert (home.folder / "dags" / "helper.py").read_text() == "WORD = 'two'\n"
    assert (home.folder / "config" / "include" / "query.py").read_text() == "WORD = 'two'\n"
    assert list((home.folder / "plugins").iterdir()) == []


def test_without_a_bucket_there_is_nothing_to_do(home: Home) -> None:
    """Code comes another way."""
    home.run(FETCH)
    assert not (home.folder / "dags").exists()
