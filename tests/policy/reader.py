"""A process of its own that reads in a loop, for the test of publishing: ``python -m tests.policy.reader``."""

import os
import time

from sqlalchemy import select

from app import create_app
from app.policy.actions import Action
from app.policy.routes import gate
from app.residents.models import Resident


def main() -> None:
    """When each transaction began, in nanoseconds of the machine's clock, and how many residents it saw."""
    with create_app().app_context():
        while True:
            began = time.monotonic_ns()
            with gate().desk.work(os.environ["READER"], frozenset({Action.RESIDENT_SEE})) as work:
                print(began, len(work.session.scalars(select(Resident.ref)).all()), flush=True)


if __name__ == "__main__":
    main()
