"""A small policy as text, to be spoilt in one place at a time."""

from dataclasses import replace
from pathlib import Path

from app.policy.reading import read
from app.policy.rules import PolicyFiles, Tables, Vocabulary
from app.policy.sheets import Fault, PolicyRefused

SHIPPED = PolicyFiles.read(Path(__file__).parents[2] / "policies")
WORDS = Vocabulary.of({"northshire", "eastford", "swiftfix"}, {"northshire": {"roads", "care"}})
GRANTS_HEADER = "role,organisation,unit,action,group,purpose,scope,effect,basis,agreement,owner,review"
GOOD = "adviser,*,*,resident:see,name address,enquiry,home,allow,public_task,-,customer services,2027-03-31"
# Without these nobody could maintain the policy.
KEEPING = tuple(f"administrator,*,*,{action},none,run,any,allow,-,-,partnership administration,2027-03-31"
                for action in ("policy:read", "policy:draft", "policy:approve", "person:manage"))
SMALL = replace(SHIPPED, roles="role,includes\n", grants="\n".join([GRANTS_HEADER, GOOD, *KEEPING]) + "\n", matrix="")


def with_lines(*lines: str, roles: str = "role,includes\n") -> PolicyFiles:
    """The small policy with more lines of grants, the first of them line 3."""
    return replace(SMALL, grants="\n".join([GRANTS_HEADER, GOOD, *lines, *KEEPING]) + "\n", roles=roles)


def line(**cells: str) -> str:
    """The good line with some cells changed; it is another rule than the good line, unless that is changed back."""
    names = GRANTS_HEADER.split(",")
    written = dict(zip(names, GOOD.split(","), strict=True)) | {"group": "birth"} | cells
    return ",".join(written[name] for name in names)


def masks_with(old: str, new: str) -> PolicyFiles:
    """The small policy with the masks changed in one place."""
    assert SHIPPED.masks.count(old) == 1, old
    return replace(SMALL, masks=SHIPPED.masks.replace(old, new))


def line_of(text: str, begins: str) -> int:
    """The number of the one line that begins so."""
    number, = (number for number, each in enumerate(text.splitlines(), start=1) if each.startswith(begins))
    return number


def faults_of(files: PolicyFiles, words: Vocabulary = WORDS) -> tuple[Fault, ...]:
    """What a refused policy is refused for; none if it is taken."""
    try:
        taken: Tables = read(files, words)
    except PolicyRefused as refused:
        return refused.faults
    assert taken.grants
    return ()
