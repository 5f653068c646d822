"""Address lines as text: the folded form under which an address that was confirmed is found again."""

import re
import unicodedata


def fold_line(line: str) -> str:
    """One form for one address line: ``Flat 2, 31 Mill Lane`` and ``flat 2 31 MILL LANE`` are the same."""
    plain = unicodedata.normalize("NFKD", line)
    plain = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain.replace("'", "").replace("\u2019", "")).split())
