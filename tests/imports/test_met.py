"""What was met before is known again, and little is held for it."""

import tracemalloc

from app.imports.met import Met


def test_what_was_met_is_known_again_and_nothing_else_and_is_held_in_little() -> None:
    tracemalloc.start()
    try:
        met = Met()
        assert not any(met.again(f"row {n}") for n in range(40_000))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < 40_000 * 40, "no more than some bytes a row"
    assert all(met.again(f"row {n}") for n in range(0, 40_000, 7)) and not met.again("row 40000")
    assert met.again("row 40000") and not met.again("") and met.again("") and not met.again("\udce9")
