"""What is written as lines of the files is read as the rules that it was written from."""

import csv
from dataclasses import replace

from hypothesis import given, settings

from app.policy import examples
from app.policy.reading import GRANTS_HEADER, MASKS_HEADER, read
from app.policy.rulebook import Rulebook
from app.policy.rules import Grant, PolicyFiles
from app.policy.writing import example_line, grant_line, grants_file, masks_file, roles_file
from tests.policy import drawn
from tests.policy.papers import WORDS


def test_the_shipped_policy_written_out_is_the_shipped_policy(shipped: Rulebook, shipped_files: PolicyFiles) -> None:
    written = replace(shipped_files, roles=roles_file(shipped.tables), grants=grants_file(shipped.tables),
                      masks=masks_file(shipped.tables))
    assert read(written, WORDS) == shipped.tables


@settings(max_examples=40)
@given(drawn.lines())
def test_a_line_has_a_cell_for_each_column_whatever_the_owner_is_called(line: tuple[Grant, ...]) -> None:
    cells, = csv.reader([grant_line(*line)])
    assert len(cells) == len(GRANTS_HEADER) and cells[GRANTS_HEADER.index("owner")] == line[0].owner
    assert cells[GRANTS_HEADER.index("group")].split() == [str(grant.group) for grant in line]
    assert len(MASKS_HEADER) == 9


def test_every_shipped_example_written_as_a_line_is_read_as_itself(shipped_files: PolicyFiles) -> None:
    told = examples.read(shipped_files.examples, WORDS)
    lines = [",".join(examples.HEADER), *map(example_line, told)]
    assert len(told) > 100
    assert [replace(each, line=0) for each in examples.read("\n".join(lines), WORDS)] == [replace(each, line=0) for each in told]
