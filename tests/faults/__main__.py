"""Shows which tests go red at each mistake: `make faults`. The tests are all that catch any of them, so that one sees how
narrowly each is caught; a change that harms nothing goes along, and must come out as not caught."""

import argparse
import itertools
import os
import queue
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests import clusters
from tests.building import build
from tests.faults.running import HARMLESS, Fault, Outcome, Tree, faults


def main() -> int:
    known = {fault.name: fault for fault in [HARMLESS, *faults()]}
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="fault", help="all of them where none is named")
    parser.add_argument("--workers", type=int, default=min(8, os.cpu_count() or 1))
    given = parser.parse_args()
    if strangers := set(given.names) - known.keys():
        parser.error(f"there is no fault {', '.join(sorted(strangers))}: choose from {', '.join(known)}")
    chosen = [known[name] for name in given.names or known]
    nodes = sorted({fault.catcher for fault in known.values()})
    print(f"Each mistake against the same {len(nodes)} tests\n\n{'mistake':<42} {'':<10} tests red   seconds", flush=True)
    missed = [fault.name for fault, outcome in _each(chosen, nodes, given.workers) if not told(fault, outcome)]
    print(f"\n{len(chosen)} changes; not as they should be: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def _each(chosen: list[Fault], nodes: list[str], workers: int) -> Iterator[tuple[Fault, Outcome]]:
    """What comes of each, in order, several at a time in trees of their own."""
    clusters.template("whole", build)
    trees: queue.SimpleQueue[Tree] = queue.SimpleQueue()
    with ExitStack() as left:
        for _ in range(workers):
            tree = Tree(Path(left.enter_context(tempfile.TemporaryDirectory(prefix="joint-contact-fault-"))))
            left.callback(tree.close)
            trees.put(tree)

        def outcome(fault: Fault) -> Outcome:
            tree = trees.get()
            try:
                return tree.run(fault, nodes)
            finally:
                trees.put(tree)

        yield from zip(chosen, left.enter_context(ThreadPoolExecutor(workers)).map(outcome, chosen), strict=True)


def told(fault: Fault, outcome: Outcome) -> bool:
    """Print a row; whether it is as it should be."""
    caught = outcome.caught(fault)
    print(f"{fault.name:<42} {'caught' if caught else 'not caught':<10} {len(outcome.red):>9} {outcome.seconds:>9.1f}"
          + (f"   {outcome.stopped} could not begin" if outcome.stopped else ""), flush=True)
    for name, nodes in itertools.groupby(sorted(outcome.red), key=lambda node: node.partition("[")[0]):
        cases = len(list(nodes))
        print(f"    {'* ' if name == fault.catcher.partition('[')[0] else '  '}{name}{f' ({cases} cases)' if cases > 1 else ''}")
    return not outcome.red and not outcome.stopped if fault == HARMLESS else caught


if __name__ == "__main__":
    raise SystemExit(main())
