"""``flask demo``: load the invented people, and say how to sign in as each of them."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app

from app.demonstration.people import Login, load_people, logins
from app.demonstration.residents import any_there, load_residents, recorders
from app.kernel.commands import PlainGroup, as_owner
from app.policy.routes import gate

demo = PlainGroup("demo", help="Invented people for a partnership that is only shown.")


def _folder() -> Path:
    found: Path = current_app.config["JC_SETTINGS"].partnership
    if not (found / "demonstration").is_dir():
        raise click.ClickException(f"{found.name} has no demonstration: a real partnership needs none")
    return found


def _logins() -> list[Login]:
    return logins(_folder(), current_app.config["JC_SETTINGS"].secret_key)


@demo.command()
def load() -> None:
    """Make the invented staff and, once, the invented residents."""
    with as_owner() as session:
        people = load_people(session, _logins())
        advisers = recorders(session)
    desk = gate().desk
    residents = 0 if any(any_there(desk, adviser) for adviser in advisers) else load_residents(desk, _folder(), advisers)
    click.echo(f"{people} people and {residents} residents were added.")


@demo.command("logins")
@click.option("--json", "as_json", is_flag=True, help="For programs: every hat of everybody.")
def show_logins(as_json: bool) -> None:
    """How to sign in: everybody, one a line."""
    everybody = _logins()
    if as_json:
        click.echo(json.dumps([{key: value for key, value in asdict(login).items()
                                if key in ("username", "password", "organisation", "role")} for login in everybody]))
        return
    people = {login.username: [other for other in everybody if other.username == login.username] for login in everybody}
    for username, hats in people.items():
        role, organisations = hats[0].role.replace("_", " "), " and ".join(hat.organisation for hat in hats)
        click.echo(f"  {username:14} {hats[0].password:18} {role}, {organisations}")
