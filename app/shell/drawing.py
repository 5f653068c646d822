"""How pages are drawn: where templates are found, and what every template may call. What a page may show is
decided before it comes here.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from app.shell import dates
from app.shell.assets import present_build
from app.shell.frame import current_frame

TEMPLATES = Path(__file__).parent / "templates"
WHOLE_FORM = "_schema"  # marshmallow's key for what is wrong with the form as a whole


def register(app: Flask) -> None:
    """Let this application find the shell's templates and draw them."""
    own = [app.jinja_loader] if app.jinja_loader is not None else []
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([*own, FileSystemLoader(TEMPLATES), govuk])
    app.jinja_env.globals.update(built=built_href, page=page_href, problems=problems)
    app.jinja_env.filters.update(
        day=dates.day_words, short_day=dates.short_day_words, time_of_day=dates.time_words, moment=dates.moment_words
    )
    app.context_processor(lambda: {"frame": current_frame()})


def built_href(name: str) -> str:
    """The address of a built style or script."""
    build = present_build()
    if name not in build.files:
        raise LookupError(f"no such file in the build: {name}")
    return page_href(f"/static/{build.fingerprint}/{name}")


def page_href(path: str) -> str:
    """An address of this application, wherever it is mounted."""
    return f"{request.script_root}{path}"


def problems(form: Any, order: Sequence[str] = ()) -> list[tuple[str | None, str]]:
    """(field, message) for every error of a form, those of ``order`` first, the others as they stand."""
    errors: Mapping[str, Any] = form.errors if form is not None else {}
    names = [*(name for name in order if name in errors), *(name for name in errors if name not in order)]
    return flattened({name: errors[name] for name in names})


def flattened(errors: Mapping[str, Any]) -> list[tuple[str | None, str]]:
    """(field, message) for every message of an errors object, however deep; no field for what is about the whole."""
    return [found for name, said in errors.items() for found in _flattened(str(name), said)]


def _flattened(name: str, said: Any) -> Iterator[tuple[str | None, str]]:
    """Messages come as text, as a list, or nested: `name` -> 0 -> `family` is the field `name-0-family`.

    A message about one of several ticked answers has no field of its own and leads to the first of them.
    """
    if isinstance(said, Mapping):
        for inner, deeper in said.items():
            here = inner == WHOLE_FORM or str(inner).isdigit() and not isinstance(deeper, Mapping)
            yield from _flattened(name if here else f"{name}-{inner}", deeper)
    elif isinstance(said, str):
        yield (None if name == WHOLE_FORM else name), said
    else:
        for message in said:
            yield from _flattened(name, message)
