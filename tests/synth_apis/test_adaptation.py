"""Draws of what new APIs are to cover."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from toolace.semantics import ANNOTATION
from toolace.synth_apis.adaptation import Adaptation
from toolace.synth_apis.tree import ContextTree, Functionality

GENERATION = 32


def leaf(domain: str, number: int) -> Functionality:
    """A functionality that needs a city and gives something."""
    inputs = {
        "type": "object",
        "properties": {"city": {"type": "string", ANNOTATION: {"type": "city"}}},
        "required": ["city"],
    }
    outputs = {"type": "object", "properties": {f"answer_{number}": {"type": "string"}}}
    return Functionality(
        name=f"get answer{number}", summary="Get it.", domain=("area", domain), inputs=inputs, outputs=outputs
    )


def run(adaptation: Adaptation, generations: int) -> Counter[str]:
    """Main functionalities of all draws, every API being accepted."""
    mains: Counter[str] = Counter()
    for number in range(generations):
        first = number * GENERATION
        drawn = [adaptation.draw(index, first, random.Random(index)) for index in range(first, first + GENERATION)]
        for assignment in drawn:
            mains[assignment.functionalities[0].id] += 1
            adaptation.tried(assignment)
            adaptation.cover(tuple(one.id for one in assignment.functionalities))
    return mains


def test_every_functionality_is_covered_before_any_is_covered_often() -> None:
    tree = ContextTree(leaf(f"domain{place}", number) for place in range(30) for number in range(6))
    adaptation = Adaptation(tree, {1: 1.0})
    mains = run(adaptation, 8)
    assert adaptation.uncovered() == 0
    assert max(mains.values()) <= 3


def test_what_keeps_failing_is_not_drawn_for_ever() -> None:
    tree = ContextTree(leaf("only", number) for number in range(4))
    adaptation = Adaptation(tree, {1: 1.0})
    tries: Counter[str] = Counter()
    for index in range(40):
        assignment = adaptation.draw(index, index, random.Random(index))
        adaptation.tried(assignment)
        name = assignment.functionalities[0].id
        tries[name] += 1
        if not name.endswith("answer0"):
            adaptation.cover((name,))
    assert adaptation.uncovered() == 1
    assert sum(tries.values()) == 40


def test_a_level_above_one_takes_companions_and_falls_where_there_are_none() -> None:
    wide = Adaptation(ContextTree(leaf("wide", number) for number in range(3)), {3: 1.0})
    assert len(wide.draw(0, 0, random.Random(0)).functionalities) == 3
    alone = Adaptation(ContextTree([leaf("alone", 0)]), {3: 1.0})
    assert len(alone.draw(0, 0, random.Random(0)).functionalities) == 1


def test_the_same_state_gives_the_same_draw() -> None:
    tree = ContextTree(leaf(f"domain{place}", number) for place in range(9) for number in range(6))
    one, other = Adaptation(tree, {1: 0.5, 2: 0.5}), Adaptation(tree, {1: 0.5, 2: 0.5})
    assert [one.draw(at, 0, random.Random(at)) for at in range(9)] == [
        other.draw(at, 0, random.Random(at)) for at in range(9)
    ]


def test_a_model_may_be_given_a_whole_subtree_what_shares_the_subject_first() -> None:
    names = ("book room", "cancel flight", "upgrade room", "pay bill")
    leaves = [
        Functionality(name=name, summary=f"{name}.", domain=("travel", "hotels"), inputs={}, outputs={})
        for name in names
    ]
    draw = Adaptation(ContextTree(leaves), {4: 1.0}, is_free=True).draw(0, 0, random.Random(0))
    main, *joined = (one.name for one in draw.functionalities)
    assert {main, *joined} == set(names)
    assert main not in ("book room", "upgrade room") or joined[0] in ("book room", "upgrade room")


def test_what_fails_often_is_drawn_less_than_what_succeeds() -> None:
    tree = ContextTree(leaf("only", number) for number in range(2))
    adaptation = Adaptation(tree, {1: 1.0})
    tries: Counter[str] = Counter()
    for index in range(200):
        assignment = adaptation.draw(index, index, random.Random(index))
        adaptation.tried(assignment)
        name = assignment.functionalities[0].id
        tries[name] += 1
        if name.endswith("answer1") or tries[name] % 2:
            adaptation.cover((name,))
    rich, poor = sorted(tries.values(), reverse=True)
    assert rich > 3 * poor > 0


def test_a_functionality_that_was_used_often_takes_company_in_ever_new_combinations() -> None:
    tree = ContextTree(leaf("wide", number) for number in range(5))
    adaptation = Adaptation(tree, {1: 1.0})
    drawn: Counter[tuple[str, ...]] = Counter()
    for index in range(600):
        assignment = adaptation.draw(index, index, random.Random(index))
        adaptation.tried(assignment)
        leaves = tuple(one.id for one in assignment.functionalities)
        adaptation.cover(leaves)
        drawn[(leaves[0], *sorted(leaves[1:]))] += 1
    pairs = Counter(len(leaves) for leaves in drawn)
    assert (pairs[1], pairs[2]) == (5, 20)
    assert max(number for leaves, number in drawn.items() if len(leaves) == 2) <= 7


def test_company_may_come_from_another_domain_of_the_area_that_needs_the_same_thing() -> None:
    hotel = {"type": "string", ANNOTATION: {"type": "id(hotel)"}}
    inputs = {"type": "object", "properties": {"hotel_id": hotel}, "required": ["hotel_id"]}

    def about(domain: str, name: str) -> Functionality:
        outputs = {"type": "object", "properties": {name.split(" ")[1]: {"type": "string"}}}
        return Functionality(name=name, summary="Get it.", domain=("travel", domain), inputs=inputs, outputs=outputs)

    adaptation = Adaptation(ContextTree([about("hotels", "get address"), about("opinions", "get ratings")]), {2: 1.0})
    drawn = adaptation.draw(0, 0, random.Random(0))
    assert {one.name for one in drawn.functionalities} == {"get address", "get ratings"}


def test_what_joins_two_results_is_covered_together_with_what_gives_them() -> None:
    def thing(kind: str) -> dict[str, Any]:
        return {f"{kind}_id": {"type": "string", ANNOTATION: {"type": f"id({kind})"}}}

    def acting(name: str, takes: dict[str, Any], gives: dict[str, Any]) -> Functionality:
        inputs = {"type": "object", "properties": takes, "required": list(takes)}
        outputs = {"type": "object", "properties": gives}
        return Functionality(name=name, summary="Do it.", domain=("work", "tasks"), inputs=inputs, outputs=outputs)

    leaves = [acting(f"count tasks{number}", {}, {"total": {"type": "integer"}}) for number in range(5)]
    leaves += [
        acting("find task", {}, thing("task")),
        acting("assign task", {**thing("task"), **thing("member")}, thing("task")),
        acting("find member", {}, thing("member")),
    ]
    adaptation = Adaptation(ContextTree(leaves), {1: 1.0})
    drawn = [adaptation.draw(at, 0, random.Random(at)).functionalities[0].name for at in range(3)]
    assert sorted(drawn) == ["assign task", "find member", "find task"]
