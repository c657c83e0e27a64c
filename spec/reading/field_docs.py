"""Reads the docstrings under the fields of sections from their source: only what shows them pays for that."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def field_docs(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the docstring under each field of a model and of its bases, by field."""
    bases = (base for base in reversed(model.__mro__) if issubclass(base, BaseModel) and base is not BaseModel)
    return {name: text for base in bases for name, text in _own_docs(base)}


def _own_docs(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    (definition,) = ast.parse(inspect.getsource(model)).body
    for field, under in pairwise(ast.iter_child_nodes(definition)):
        match field, under:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
