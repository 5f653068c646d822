"""What a draft would change is what asking for every single record would show: in a world made by chance, for policies made by
chance, the counts of classes are those of the scopes' own SQL, record by record, before and after."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Connection, text

from app.drafts import operations, pieces, weighing
from app.drafts.alike import Counted, Kind
from app.drafts.eyes import LOOKING_AT, SHOWN, Eyes, Pair, _Rules, changed
from app.drafts.impact import Line, every_line
from app.drafts.tally import _seen, tally
from app.kernel import config
from app.policy.actions import Action
from app.policy.actor import Actor, Asking
from app.policy.figures import FEW, FEWEST
from app.policy.plainly import Plain
from app.policy.reach import Wearer, compile_reach
from app.policy.reading import read
from app.policy.rules import NO_UNIT, PolicyFiles, Tables, Vocabulary
from app.policy.words import Role
from tests.oracle import facts, generate
from tests.proof import policies
from tests.proof.asking import Asked
from tests.proof.laid import laid_down, vocabulary_of
from tests.proof.loading import key

RESIDENTS, POLICIES, ASKED = 150, 3, 9
COUNTING = frozenset({Action.POLICY_READ, Action.POLICY_DRAFT})
KINDS = (Kind.RESIDENT, Kind.REQUEST, Kind.CONTACT)
pytestmark = pytest.mark.xdist_group("impact")


@dataclass
class Scene:
    """A world laid down, and what was counted of it."""

    asked: Asked
    counted: Counted

    def shown(self, connection: Connection, policy: Plain, pair: Pair, kind: Kind) -> dict[str, set[str]]:
        """For each group the rows that anybody with this hat is shown, past the wall: what the scopes' own SQL says of each."""
        wearer, found = pair.before.wearer, dict[str, set[str]]()
        reach = compile_reach(_Rules(policy), wearer, pair.before.purpose, frozenset({pair.action}))
        groups, statement = reach.shown(str(kind))
        for hat in self.worn(wearer) if groups else ():
            connection.execute(text("SELECT set_config('jc.secret', :secret, true)"), {"secret": self.asked.loaded.secret(hat)})
            values = self.asking(hat).values() | ({"jc_person": key("person", "nobody")} if kind is Kind.CONTACT else {})
            for row in connection.execute(statement, {**values, "keys": self.keys(kind)}):
                for group, so in zip(groups, row[1:], strict=True):
                    if so:
                        found.setdefault(str(group), set()).add(str(row[0]))
        return found

    def worn(self, wearer: Wearer) -> list[facts.Hat]:
        """Everybody of the world who wears this."""
        return [hat for hat in self.asked.world.hats if (hat.organisation, hat.role, hat.unit or NO_UNIT) == (
            wearer.organisation, str(wearer.role), wearer.unit)]

    def asking(self, hat: facts.Hat) -> Asking:
        """What the scopes are asked with for a hat."""
        world, organisation = self.asked.world, key("organisation", hat.organisation)
        actor = Actor(key("person", hat.person), key("hat", hat.key), organisation, hat.organisation, "", Role(hat.role),
                      hat.unit or NO_UNIT, key("sign-in", hat.key), "")
        return Asking(actor, world.now, world.today, world.on)

    def keys(self, kind: Kind) -> list[object]:
        """Every row of a kind."""
        world = self.asked.world
        names = {Kind.RESIDENT: [r.ref for r in world.residents], Kind.REQUEST: [q.ref for q in world.requests],
                 Kind.CONTACT: [c.key for c in world.contacts]}[kind]
        return [key(str(kind), name) for name in names]


@pytest.fixture(scope="module")
def scene(template: str) -> Iterator[Scene]:
    with laid_down(template, lambda now: generate.world(5, RESIDENTS, now=now)) as asked:
        with asked.administrator.begin() as connection:
            # Own records stay closed to their people whatever is drafted: hats are asked about, not people.
            connection.execute(text("DELETE FROM relation"))
        yield Scene(asked, counted(asked))


def counted(asked: Asked) -> Counted:
    """By the real road: a draft is begun, and its counting done in pieces."""
    hat = next(hat for hat in asked.world.hats if hat.role == "administrator")
    with asked.desk.work(asked.loaded.secret(hat), COUNTING) as work:
        draft = operations.begin(work, "A draft", "To count by")
        impact, nonce = weighing.begin(work, draft, queued=False)
    stint = pieces.Stint(asked.desk, weighing._secret(impact, nonce), impact, lambda: False)
    with stint.snapshot() as work:
        list(pieces.count(work, stint, set(Kind)))
    return stint.counted


def two_policies(chance: random.Random, asked: Asked) -> tuple[Plain, Plain]:
    """Two drawn policies, or the shipped one twice with some lines taken out of each: so that every way of looking occurs."""
    words, shipped = vocabulary_of(asked.world), PolicyFiles.read(config.ROOT / "policies")
    if chance.random() < 0.4:
        return tuple(Plain(policies.draw(chance, shipped, words).rulebook.tables, words) for _ in range(2))  # type: ignore[return-value]
    whole = read(shipped, words)
    return tuple(Plain(_thinned(chance, whole, words), words) for _ in range(2))  # type: ignore[return-value]


def _thinned(chance: random.Random, tables: Tables, words: Vocabulary) -> Tables:
    grants = tuple(grant for grant in tables.grants if chance.random() < 0.6)
    narrowed = policies.narrowings(chance, words)
    masks = tuple(replace(mask, lifts=tuple(lift for lift in mask.lifts if chance.random() < 0.7)) for mask in tables.masks)
    return replace(tables, grants=grants, masks=masks, narrowings=narrowed)


def test_nobody_is_counted_twice_or_not_at_all(scene: Scene) -> None:
    assert all(many >= 0 for kind in KINDS for many in scene.counted.of(kind).values())
    assert sum(scene.counted.residents.values()) == len(scene.asked.world.residents)
    assert sum(scene.counted.requests.values()) == len(scene.asked.world.requests)
    assert sum(scene.counted.contacts.values()) == len(scene.asked.world.contacts)


def test_what_classes_gain_and_lose_is_what_each_record_would(scene: Scene) -> None:
    wrong, compared, changing = list[str](), 0, Counter[tuple[Kind, bool]]()
    for seed in range(POLICIES):
        chance = random.Random(seed)
        before, after = two_policies(chance, scene.asked)
        pairs = [pair for pair in changed(before, after, before.vocabulary) if scene.worn(pair.before.wearer)]
        chance.shuffle(pairs)
        asked = list({id(pair): pair for kind in KINDS for pair in [each for each in pairs if kind in each.kinds][:ASKED]}.values())
        said = every_line(asked, scene.counted)
        with scene.asked.administrator.connect() as connection:
            for pair in asked:
                for kind in sorted(pair.kinds & set(KINDS)):
                    had, has = (scene.shown(connection, policy, pair, kind) for policy in (before, after))
                    for group in sorted(SHOWN[kind]):
                        for gains, one, other in ((True, has, had), (False, had, has)):
                            really = len(one.get(str(group), set()) - other.get(str(group), set()))
                            line = Line.of(pair, kind, group, gains=gains)
                            told = sum(said.get(line, {}).values())
                            compared, changing[kind, gains] = compared + 1, changing[kind, gains] + really
                            if told != really:
                                wrong.append(f"{line}: told {told}, really {really}")
    print(f"\n{compared} lines compared, {dict(changing)}")
    assert wrong == [] and compared > 500 and all(changing[kind, gains] > 20 for kind in KINDS for gains in (True, False))


def test_nothing_is_said_of_a_policy_that_is_the_same(scene: Scene) -> None:
    words = vocabulary_of(scene.asked.world)
    tables = read(PolicyFiles.read(config.ROOT / "policies"), words)
    assert changed(Plain(tables, words), Plain(tables, words), words) == []


def test_how_many_every_hat_reaches_is_what_each_record_shows(scene: Scene) -> None:
    words = vocabulary_of(scene.asked.world)
    policy = Plain(read(PolicyFiles.read(config.ROOT / "policies"), words), words)
    seen, wrong, reached, looked = _seen(policy, scene.counted), list[str](), 0, dict[object, dict[str, set[str]]]()
    worn = sorted({of[:3] for of in seen if scene.worn(of[0])}, key=str)
    asked = set(random.Random(7).sample(worn, min(len(worn), 3 * ASKED)))
    with scene.asked.administrator.connect() as connection:
        for (wearer, purpose, kind, group), many in seen.items():
            if (wearer, purpose, kind) not in asked:
                continue
            if (wearer, purpose, kind) not in looked:
                eyes = Eyes.of(policy, wearer, purpose, frozenset({LOOKING_AT[kind]}))
                alike = Pair(LOOKING_AT[kind], eyes, eyes, frozenset({kind}))
                looked[wearer, purpose, kind] = scene.shown(connection, policy, alike, kind)
            really = len(looked[wearer, purpose, kind].get(str(group), set()))
            reached += really
            if sum(many.values()) != really:
                wrong.append(f"{wearer}, {purpose}, {kind}, {group}: counted {sum(many.values())}, really {really}")
    assert wrong == [] and reached > 500 and len(looked) > 15
    told = tally(policy, scene.counted)
    figures = [figure for each in told.figures.values() for figure in each.values()]
    assert all(figure == FEW or figure.least >= FEWEST for figure in figures)
    assert any(of[0].unit != NO_UNIT for of in told.figures) and any(figure.least not in (0, figure.most) for figure in figures)
