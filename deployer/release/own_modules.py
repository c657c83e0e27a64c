"""Finds the options of Airflow that name a module of the user's own, which has to be there before Airflow starts."""

import re
from collections.abc import Iterator

from compiler.contract import CODE_FOLDERS, INCLUDE
from deployer.release.airflow_home import Code
from spec.environment import Environment

_DOTTED = re.compile(r"(?<![\w./])(?P<first>[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)+")


def options_with_own_modules(env: Environment, code: Code) -> tuple[str, ...]:
    """Return each option, such as `core.xcom_backend`, whose value names a module in the code of the environment."""
    modules = frozenset(_modules(code))
    return tuple(
        f"{section}.{key}"
        for section, options in env.airflow.config.items()
        for key, value in options.items()
        if any(match["first"] in modules for match in _DOTTED.finditer(str(value)))
    )


def _modules(code: Code) -> Iterator[str]:
    """Yield what Python can import of the code by its first name: the folders themselves, and what lies in them."""
    yield from (*CODE_FOLDERS, INCLUDE)
    for file in code.files:
        folder, _, below = file.path.partition("/")
        if folder in CODE_FOLDERS and below:
            yield below.partition("/")[0].removesuffix(".py")
