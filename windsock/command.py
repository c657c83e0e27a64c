"""Starts the command line where only this process finds Windsock's packages, not every `import spec` around it."""

import gc
import os
import sys

_HERE = os.path.dirname(__file__)  # noqa: PTH120  # `windsock --help` does not pay for pathlib
_COLLECT_AFTER = 100_000
"""Objects. Python looks for garbage after every 700, and libraries make hundreds of thousands that stay."""


def main() -> int:
    """Put the folder that holds Windsock's packages first on the path, then run the command line."""
    gc.set_threshold(_COLLECT_AFTER)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # it would read the metadata of every package installed here
    in_wheel = os.path.isdir(os.path.join(_HERE, "cli"))  # noqa: PTH112, PTH118  # see above
    sys.path.insert(0, _HERE if in_wheel else os.path.dirname(_HERE))  # noqa: PTH120  # see above
    from cli.main import main as run  # noqa: PLC0415  # found only from here on

    code = run()
    gc.freeze()  # or Python looks through all of them once more as it ends: a quarter of a compile's time
    return code
