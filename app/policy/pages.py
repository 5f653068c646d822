"""Draws a page from plain values, and refuses to be handed a protected row: what is shown goes through ``journal.showing``."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from flask import render_template

from app.policy.protection import PROTECTED


def render(template: str, **values: Any) -> str:
    """Draw a template. Raises TypeError for a value that is, or holds, a protected row."""
    for name, value in values.items():
        _refuse_rows(name, value)
    return render_template(template, **values)


def _refuse_rows(name: str, value: Any) -> None:
    if type(value) in PROTECTED:
        raise TypeError(f"{name}: a {type(value).__name__} is a protected row, not a value to show")
    if isinstance(value, str | bytes):
        return
    if isinstance(value, Mapping):
        for key, held in value.items():
            _refuse_rows(f"{name}[{key!r}]" if isinstance(key, str) and key.isidentifier() else name, held)
    elif isinstance(value, list | tuple | set | frozenset):
        for held in value:
            _refuse_rows(name, held)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            _refuse_rows(f"{name}.{part.name}", getattr(value, part.name))
