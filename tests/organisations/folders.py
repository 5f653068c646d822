"""Small changes to a copy of a partnership's folder, as a person would make them in an editor."""

from pathlib import Path

import pytest

from app.kernel.errors import Invalid
from app.services.partnership import read


class Edited:
    """A copy of a folder that tests may change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def replace(self, file: str, old: str, new: str) -> "Edited":
        """Put other words in the place of some that are there."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not say {old!r}"
        (self.path / file).write_text(text.replace(old, new), encoding="utf-8")
        return self

    def append(self, file: str, more: str) -> "Edited":
        """Add words at the end."""
        return self.write(file, (self.path / file).read_text(encoding="utf-8") + more)

    def write(self, file: str, text: str) -> "Edited":
        """Make the file say this."""
        (self.path / file).write_text(text, encoding="utf-8")
        return self

    def refusal(self) -> list[str]:
        """What is wrong with it, a problem a line."""
        with pytest.raises(Invalid) as refused:
            read(self.path)
        return refused.value.detail.splitlines()[1:]
