"""Opens the files of a partnership's folder: CSV and TOML, each value with its line. Pure but for reading the files."""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.organisations.entries import Entry
from app.organisations.problems import Problems, not_known

HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
AT_LINE = re.compile(r"\(at line (\d+)")


class Folder:
    """A partnership's folder. Files are named by their path inside it, with slashes."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems

    def rows(self, name: str, columns: Sequence[str], *, optional: bool = False) -> Iterator[Entry]:
        """The rows of a CSV file with exactly these columns in any order."""
        text = self._text(name, optional)
        if text is None:
            return
        reader = csv.reader(io.StringIO(text), strict=True)
        try:
            # Remarks stand before the heading, each line beginning with #.
            heading = next((cells for cells in reader if not (cells and cells[0].startswith("#"))), [])
            if not self._heading_fits(name, reader.line_num, heading, columns):
                return
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(heading):
                    self.problems.add(
                        name, reader.line_num, "", f"has {len(cells)} cells; it must have {len(heading)}: "
                        f"{', '.join(heading)} (a cell with a comma in it stands in quotes)")
                    continue
                values = {key: cell.strip() for key, cell in zip(heading, cells, strict=True)}
                yield Entry(name, values, self.problems, line=reader.line_num, typed=False)
        except csv.Error as broken:
            self.problems.add(name, reader.line_num, "", f"cannot be read: {broken}; look for a stray quote")

    def document(self, name: str, keys: Collection[str]) -> "Document | None":
        """A TOML file with no other keys than these."""
        text = self._text(name, optional=False)
        if text is None:
            return None
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            at = AT_LINE.search(str(broken))
            self.problems.add(name, int(at[1]) if at else 0, "", f"is not readable as TOML: {broken}")
            return None
        document = Document(name, values, key_lines(text), self.problems)
        document.top.only(keys)
        return document

    def documents(self, folder: str, keys: Collection[str]) -> "Iterator[tuple[str, Document]]":
        """Each TOML file of a folder by the name before its ending, in the order of names."""
        inside = self.path / folder
        if not inside.is_dir():
            self.problems.add(folder, 0, "", "there is no such folder here; make it, one file for each")
            return
        for path in sorted(inside.iterdir()):
            if path.suffix != ".toml":
                self.problems.add(f"{folder}/{path.name}", 0, "", "is not read; the files here end in .toml")
            elif document := self.document(f"{folder}/{path.name}", keys):
                yield path.stem, document

    def check_nothing_else(self, known: Collection[str]) -> None:
        """Complain of files that nobody reads: a name mistyped would otherwise be silence."""
        for path in sorted(self.path.iterdir()):
            if path.name not in known and not path.name.startswith("."):
                self.problems.add(path.name, 0, "", not_known(path.name, known, "a file that is read"))

    def fingerprint(self) -> str:
        """SHA-256 over every file's name and content, the demonstration's people apart: they are no facts of it."""
        digest = hashlib.sha256()
        kept = (p for p in self.path.rglob("*") if p.is_file() and not p.name.startswith("."))
        for path in sorted(p for p in kept if p.parent.name != "demonstration"):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(self.path).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    def _text(self, name: str, optional: bool) -> str | None:
        path = self.path / name
        if not path.is_file():
            if not optional:
                self.problems.add(name, 0, "", "there is no such file; add it")
            return None
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as broken:
            line = path.read_bytes()[:broken.start].count(b"\n") + 1
            self.problems.add(name, line, "", "is not UTF-8; save the file as UTF-8")
            return None

    def _heading_fits(self, name: str, line: int, heading: list[str], columns: Sequence[str]) -> bool:
        found = [cell.strip() for cell in heading]
        heading[:] = found
        for column in found:
            if column not in columns:
                self.problems.add(name, line, "heading", not_known(column, columns, "a column that is read here"))
        for column in columns:
            if found.count(column) != 1:
                says = "is missing" if column not in found else "stands there twice"
                self.problems.add(name, line, "heading", f"the column {column} {says}; state it once")
        return sorted(found) == sorted(columns)


class Document:
    """A TOML file: its top, and the tables in it, each as an entry with lines."""

    def __init__(self, file: str, values: Mapping[str, Any], lines: Mapping[tuple[str | int, ...], int],
                 problems: Problems) -> None:
        self._file, self._lines, self._problems = file, lines, problems
        self.top = self._entry(values, ())

    def table(self, key: str, keys: Collection[str] | None, *within: str | int) -> Entry:
        """The table [key], checked to hold no other keys; None takes any key."""
        holder = self._at(*within)
        return self._checked(self._entry(holder.table(key), (*within, key)), keys)

    def tables(self, key: str, keys: Collection[str]) -> list[Entry]:
        """The tables [[key]]."""
        return [self._checked(self._entry(table, (key, index)), keys)
                for index, table in enumerate(self.top.tables(key))]

    def _at(self, *within: str | int) -> Entry:
        if not within:
            return self.top
        key, index = within
        return self._entry(self.top.tables(str(key))[int(index)], within)

    def _checked(self, entry: Entry, keys: Collection[str] | None) -> Entry:
        if keys is not None:
            entry.only(keys)
        return entry

    def _entry(self, values: Mapping[str, Any], path: tuple[str | int, ...]) -> Entry:
        here = {str(at[-1]): line for at, line in self._lines.items() if at[:-1] == path}
        return Entry(self._file, values, self._problems, line=self._lines.get(path, 0), lines=here, typed=True)


def key_lines(text: str) -> dict[tuple[str | int, ...], int]:
    """On which line each key and table of a TOML text stands: tomllib does not say. Dotted keys are not followed."""
    lines: dict[tuple[str | int, ...], int] = {}
    counts: dict[str, int] = {}
    section: tuple[str | int, ...] = ()
    in_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        ends_or_begins = line.count('"""') % 2 == 1
        if in_text:
            in_text = not ends_or_begins
            continue
        if header := HEADER.match(line):
            first, *rest = header[2].split(".")
            if header[1] == "[[":
                counts[first] = counts.get(first, -1) + 1
            section = (first, counts[first], *rest) if first in counts else (first, *rest)
            lines.setdefault(section, number)
        elif key := KEY.match(line):
            lines[(*section, key[1])] = number
        in_text = ends_or_begins
    return lines
