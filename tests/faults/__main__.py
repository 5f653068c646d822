"""Shows which of all catchers go red at each mistake: `make faults`."""

from tests import clusters
from tests.faults.running import catchers, run


def main() -> int:
    known, missed = catchers(), 0
    every = sorted(set(known.values()))
    for patch, catcher in sorted(known.items()):
        failed, _ = run(patch, every, clusters.server())
        caught = any(node.startswith(catcher) for node in failed)
        missed += not caught
        print(f"{patch}: {'caught' if caught else 'MISSED'} by {catcher}; {len(failed)} tests red", flush=True)
        for node in sorted(failed):
            print(f"    {node}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
