"""Results that a definition says how to compute."""

from __future__ import annotations

import random
from typing import Any

import pytest

from toolace.backends.simulator.computing import CannotCompute, evaluated
from toolace.backends.simulator.tool import respond
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import ToolContext
from toolace.records import Api, ApiLineage

SQUARE = [{"x": 0, "y": 0}, {"x": 4, "y": 0}, {"x": 4, "y": 3}, {"x": 0, "y": 3}]


@pytest.mark.parametrize(
    ("formula", "roles", "value"),
    [
        ("side * side", {"side": 3}, 9),
        ("price * (1 - (discount or 0) / 100)", {"price": 80.0}, 80.0),
        ("'even' if number % 2 == 0 else 'odd'", {"number": 7}, "odd"),
        ("sum(lines.amount)", {"lines": [{"amount": 2.5}, {"amount": 4}]}, 6.5),
        ("count(words_said)", {"words_said": ["a", "b"]}, 2),
        ("round(compound(1000, 5, 2), 2)", {}, 1102.5),
        ("round(annuity(12000, 6, 24), 2)", {}, 531.85),
        ("round(convert(5, 'miles', 'kilometres'), 3)", {}, 8.047),
        ("round(convert(100, 'celsius', 'fahrenheit'))", {}, 212),
        ("polygon_area(corners)", {"corners": SQUARE}, 12.0),
        ("polygon_perimeter(corners)", {"corners": SQUARE}, 14.0),
        ("polygon_convex(corners)", {"corners": SQUARE}, True),
        ("round(third_side(3, 4, 90), 6)", {}, 5.0),
        ("round(opposite_angle(3, 3, 60), 6)", {}, 60.0),
        (
            "circle_through(points)",
            {"points": [{"x": 1, "y": 0}, {"x": -1, "y": 0}, {"x": 0, "y": 1}]},
            [0.0, 0.0, 1.0],
        ),
        ("add_months('2024-01-31', 1)", {}, "2024-02-29"),
        ("days_between('2024-02-27', '2024-03-01')", {}, 3),
        ("workdays_between('2024-05-10', '2024-05-14')", {}, 2),
        ("weekday('2024-05-13')", {}, "Monday"),
        ("add_minutes('06:30', -450)", {}, "23:00"),
        ("factors(360)", {}, [2, 2, 2, 3, 3, 5]),
        ("divisor_count(360)", {}, 24),
        ("in_base(255, 'hexadecimal')", {}, "ff"),
        ("roman(1994)", {}, "MCMXCIV"),
        ("round(distance(52.52, 13.405, 48.857, 2.352))", {}, 877),
        ("scaled(9000, '1/87', 'half_millimetre')", {}, 103.5),
    ],
)
def test_a_formula_has_the_value_that_one_would_work_out(formula: str, roles: dict[str, Any], value: Any) -> None:
    """Arithmetic, conditions, fields of lists and every kind of function."""
    assert evaluated(formula, roles) == value


@pytest.mark.parametrize(
    "formula",
    [
        "side * 2",
        "1 / 0",
        "open('x')",
        "(1).__class__",
        "9 ** 99999",
        "[x for x in y]",
        "lambda: 1",
        "convert(1, 'km', 'kg')",
        "1 +",
    ],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    """A missing value, an impossible sum, and whatever is not in the table of functions."""
    with pytest.raises(CannotCompute):
        evaluated(formula, {})


def loan(**limits: Any) -> Api:
    """A loan calculator whose parameters and result have been renamed and regrouped."""
    number = {"type": "number", "minimum": 1, "maximum": 90000}
    options = {"type": "object", "properties": {"rate_pct": {**number, "default": 6, "x-toolace": {"role": "rate"}}}}
    properties = {
        "sumBorrowed": {**number, "x-toolace": {"role": "amount"}},
        "term": {"type": "integer", "minimum": 6, "maximum": 120, "x-toolace": {"role": "months"}},
        "options": options,
    }
    monthly = {**number, **limits, "x-toolace": {"formula": "annuity(amount, rate, months)", "role": "monthly"}}
    paid = {**number, "x-toolace": {"formula": "monthly * months"}}
    return Api(
        id="api-loan",
        name="loan",
        description="Calculates a loan.",
        parameters={"type": "object", "properties": properties, "required": ["sumBorrowed", "term"]},
        returns={
            "type": "object",
            "properties": {"perMonth": monthly, "inAll": paid},
            "required": ["perMonth", "inAll"],
        },
        domain=("finance",),
        lineage=ApiLineage(origin="synthesized"),
    )


def result_of(api: Api, **arguments: Any) -> Any:
    """The tool's answer."""
    return respond(
        ToolContext(language="en", today="2024-05-13", api=api, arguments=arguments), random.Random(1)
    ).result


def test_a_result_is_computed_from_roles_whatever_they_are_called_now() -> None:
    """Defaults count, groups are looked through, and one formula may use another's value."""
    assert result_of(loan(), sumBorrowed=12000, term=24) == {"perMonth": 531.85, "inAll": 12764.4}
    assert result_of(loan(), sumBorrowed=12000, term=24, options={"rate_pct": 12})["perMonth"] == 564.88


def test_no_wrong_figure_is_given_where_the_right_one_does_not_fit() -> None:
    """A value outside of its field's range is no answer; another request is tried instead."""
    with pytest.raises(Unanswerable):
        result_of(loan(maximum=100), sumBorrowed=12000, term=24)


def test_a_field_is_free_where_the_definition_has_lost_what_its_formula_needs() -> None:
    """An indicator may drop a parameter or a field; the tool stays callable."""
    api = loan()
    fields = {name: one for name, one in api.parameters["properties"].items() if name != "term"}
    api = api.model_copy(update={"parameters": {"type": "object", "properties": fields, "required": ["sumBorrowed"]}})
    assert set(result_of(api, sumBorrowed=12000)) == {"perMonth", "inAll"}
