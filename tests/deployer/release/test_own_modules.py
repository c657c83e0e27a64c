"""An option that names code of the user's is found, whichever option it is."""

import pytest

from deployer.release.airflow_home import Code, CodeFile
from deployer.release.own_modules import options_with_own_modules
from tests.spec.minimal import PYTHON, minimal

CODE = Code(tuple(CodeFile(path, b"") for path in ("config/mine.py", "dags/a.py", "plugins/acme/xcom.py")))


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("acme.xcom.MarkedXCom", True),
        ("mine.LOGGING", True),
        ("airflow.models.xcom.BaseXCom, acme.xcom.MarkedXCom", True),
        ("include.secrets.Backend", True),
        ("airflow.models.xcom.BaseXCom", False),
        ("airflow.acme.XCom", False),
        ("/opt/acme.py", False),
        ("acme", False),
    ],
)
def test_a_value_that_names_a_module_in_the_code_is_one_of_the_users(value: str, *, own: bool) -> None:
    """Packages of the image are there in any case."""
    env = minimal(PYTHON, f"{PYTHON}, config: {{core: {{xcom_backend: '{value}', parallelism: 4}}}}")
    assert options_with_own_modules(env, CODE) == (("core.xcom_backend",) if own else ())
