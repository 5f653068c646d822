"""What every benchmark says beside its figures: on which machine; and where it keeps them."""

import json
import os
import platform
from pathlib import Path

from app.kernel import config


def machine() -> str:
    """The machine in words."""
    kibibytes = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    memory = round(int(kibibytes.split()[1]) / 2**20)
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}"


def keep(name: str, figures: object) -> None:
    """Keep the figures of a run as bench/results/NAME.json."""
    folder = config.ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
