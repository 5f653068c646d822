"""``flask matching calibrate``: propose new weights from what a council's reviewers decided. Nothing takes effect until a person
accepts the file (``flask matching accept``).
"""

from pathlib import Path

import click
from sqlalchemy import select

from app.duplicates import calibrating
from app.duplicates.calibrating import Decided
from app.kernel.errors import Invalid
from app.matching.calibrating import Shares, proposed, revised, rewritten
from app.matching.commands import matching
from app.matching.models import MatchWeights
from app.matching.queries import text_in_use
from app.matching.weighing import FOLDER, Weights
from app.matching.yardstick import by_splink, require_splink
from app.policy.purposes import Purpose
from app.policy.routes import gate
from app.policy.work import Work
from app.staff.borrowing import hat_of

# Fewer decisions than this say nothing.
FEWEST = 20


@matching.command("calibrate")
@click.option("--council", required=True, help="The slug of the council whose decisions they are.")
@click.option("--by", "username", required=True, help="The user name of a team leader of that council.")
@click.option("--out", type=click.Path(file_okay=False, exists=True, path_type=Path), default=Path("."),
              help="The folder for the proposed file. [.]")
@click.option("--decisions-only", is_flag=True, help="Without Splink: from the decisions alone.")
def calibrate(council: str, username: str, out: Path, decisions_only: bool) -> None:
    """Propose new weights from what was joined and what was told apart, and say what they would change."""
    if not decisions_only:
        require_splink()
    with hat_of(username, council) as secret, gate().desk.work(secret, calibrating.NEEDS, purpose=Purpose.MATCH) as work:
        found = calibrating.decided(work, modelled=not decisions_only)
        text, version = text_in_use(work.session), _version(work, out)
    if len(found.same) < FEWEST:
        words = f"{len(found.same)} pairs were found to be one person's; from {FEWEST} on they say something"
        raise Invalid({"decisions": [words]}, detail=words)
    old = found.standard.weights
    modelled = None if decisions_only else by_splink(old, found.levels_of(found.undecided), found.levels_of(found.unlike))
    shares = proposed(old, found.levels_of(found.same), modelled)
    note = (f"Proposed on {work.today.isoformat()} from {len(found.same)} pairs that are one person's, decided at {council}"
            f"{'' if decisions_only else ', beside what Splink makes of pairs that nobody decided'}; before it: {old.version}.")
    path = out / f"{version}.toml"
    path.write_text(rewritten(text, shares, version, note), encoding="utf-8")
    _report(found, old, revised(old, shares, version), modelled)
    click.echo(f"Written to {path}. Nothing changes until somebody says: flask matching accept {path}")


def _version(work: Work, out: Path) -> str:
    """The day, and a number where that is taken."""
    taken = set(work.session.scalars(select(MatchWeights.version)))
    taken |= {path.stem for path in (*FOLDER.glob("*.toml"), *out.glob("*.toml"))}
    days = (f"{work.today.isoformat()}{f'-{number}' if number > 1 else ''}" for number in range(1, 1000))
    return next(version for version in days if version not in taken)


def _report(found: Decided, old: Weights, new: Weights, modelled: Shares | None) -> None:
    """What changes, in counts: no value of anybody."""
    click.echo(f"{len(found.same)} pairs were found to be one person's, {len(found.apart)} two people's; "
               f"{len(found.waiting)} wait in the queue.")
    click.echo(f"{'':28}{'m before':>10}{'m proposed':>12}{'Splink' if modelled else '':>10}")
    for comparison, weights in old.of.items():
        for level, weight in weights.items():
            now, by_model = new.of[comparison][level].m, (modelled or {}).get(comparison, {}).get(level)
            if abs(now - weight.m) >= 0.0005:
                said = "" if by_model is None else f"{by_model:10.4f}"
                click.echo(f"{f'{comparison}, {level}':28}{weight.m:10.4f}{now:12.4f}{said}")
    changes = found.changes(new)
    click.echo(f"Of the queue {sum(changes.values())} pairs would be judged otherwise"
               + "".join(f"; {count} from {was} to {would}" for (was, would), count in sorted(changes.items())) + ".")
    for words, pairs in (("one person's", found.same), ("two people's", found.apart)):
        was, would = (sum(verdict == "link" for verdict in found.verdicts(pairs, weights)) for weights in (old, new))
        click.echo(f"Of the pairs decided to be {words} {was} are beyond doubt now, {would} would be.")
