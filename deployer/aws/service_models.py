"""Botocore's models of AWS's services, read once for all sessions of this process and without what they tell people.

The documentation is a third of their memory: botocore reads it for `help()` alone.
"""

import gzip
import json
import os.path
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader, Loader, create_loader

_OPENED: dict[str, Callable[..., Any]] = {".json": open, ".json.gz": gzip.open}


class ModelFiles(JSONFileLoader):
    """Reads the files of models, and leaves the text of their documentation out."""

    def load_file(self, file_path: str) -> Any:
        """Return what the file holds whose path lacks its suffix; None where there is none."""
        for suffix, opened in _OPENED.items():
            if os.path.isfile(file_path + suffix):  # noqa: PTH113  # botocore's own way of naming it
                with opened(file_path + suffix, "rt", encoding="utf-8") as file:
                    return json.load(file, object_hook=_undocumented)
        return None


@cache
def service_models(path: str | None) -> Loader:
    """Return what reads the models, those in the folders of `path` (as AWS_DATA_PATH has them) first.

    Each is read once: that of EC2 alone takes a tenth of a second and 10 MiB.
    """
    loader = create_loader(path)
    loader.file_loader = ModelFiles()
    return loader


def _undocumented(part: dict[str, Any]) -> dict[str, Any]:
    """Empty the text, which botocore looks for; a member of that name has a shape, which is no text, and stays."""
    if isinstance(part.get("documentation"), str):
        part["documentation"] = ""
    return part
