"""The functions that a formula may use (see computing.py). Angles are in degrees, rates in percent, dates ISO 8601."""

from __future__ import annotations

import calendar
import math
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

_METRES = {
    "fathoms": 1.8288, "furlongs": 201.168, "light_seconds": 299_792_458.0, "cubits": 0.4572,
    "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "inches": 0.0254, "feet": 0.3048, "yards": 0.9144, "miles": 1609.344,
    "nautical_miles": 1852.0, "millimetres": 0.001, "centimetres": 0.01, "metres": 1.0, "kilometres": 1000.0,
}  # fmt: skip
_KILOGRAMS = {
    "mg": 1e-6, "g": 0.001, "kg": 1.0, "t": 1000.0, "ounces": 0.028349523125, "pounds": 0.45359237, "stone": 6.35029318,
    "grams": 0.001, "kilograms": 1.0, "tonnes": 1000.0,
}  # fmt: skip
_LITRES = {
    "ml": 0.001, "cl": 0.01, "dl": 0.1, "l": 1.0, "cups": 0.2365882365, "pints": 0.473176473, "gallons": 3.785411784,
    "teaspoons": 0.00492892159375, "tablespoons": 0.01478676478125, "fluid_ounces": 0.0295735295625, "millilitres": 0.001,
    "litres": 1.0, "cubic_metres": 1000.0, "cubic_inches": 0.016387064,
}  # fmt: skip
_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}
_SQUARE_METRES = {
    "square_metres": 1.0, "hectares": 10_000.0, "acres": 4046.8564224, "square_kilometres": 1e6, "square_feet": 0.09290304,
}  # fmt: skip
_KMH = {"km_per_hour": 1.0, "metres_per_second": 3.6, "miles_per_hour": 1.609344, "knots": 1.852}
_SCALES = (_METRES, _KILOGRAMS, _LITRES, _SECONDS, _SQUARE_METRES, _KMH)
_TEMPERATURES = {"celsius": (1.0, 0.0), "fahrenheit": (5 / 9, -160 / 9), "kelvin": (1.0, -273.15)}
"""Factor and offset to degrees Celsius."""
_BASES = {"binary": 2, "ternary": 3, "octal": 8, "nonary": 9, "hexadecimal": 16, "base36": 36}
Point = tuple[float, float]
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def convert(value: float, source: str, target: str) -> float:
    """A quantity in another unit of the same kind. Raises LookupError for units that do not go together."""
    if source in _TEMPERATURES and target in _TEMPERATURES:
        celsius = value * _TEMPERATURES[source][0] + _TEMPERATURES[source][1]
        return (celsius - _TEMPERATURES[target][1]) / _TEMPERATURES[target][0]
    scale = next(one for one in _SCALES if source in one) if any(source in one for one in _SCALES) else {}
    return value * scale[source] / scale[target]


def compound(principal: float, percent: float, years: float, times: float = 1) -> float:
    """A sum with compound interest, credited `times` a year."""
    return float(principal * (1 + percent / 100 / times) ** (times * years))


def savings(payment: float, percent: float, months: float, start: float = 0) -> float:
    """What equal payments at each month's end grow to, with monthly interest."""
    rate = percent / 1200
    grown = (1 + rate) ** months
    return float(start * grown + payment * ((grown - 1) / rate if rate else months))


def annuity(principal: float, percent: float, months: float) -> float:
    """The monthly payment that repays a loan in so many months."""
    rate = percent / 1200
    return float(principal / months if not rate else principal * rate / (1 - (1 + rate) ** -months))


def polygon_area(points: Sequence[dict[str, float]]) -> float:
    """Area inside an outline (shoelace formula); points with roles x and y."""
    around = [*points[1:], points[0]]
    return abs(sum(one["x"] * two["y"] - two["x"] * one["y"] for one, two in zip(points, around, strict=True))) / 2


def polygon_perimeter(points: Sequence[dict[str, float]]) -> float:
    """Length of an outline."""
    around = [*points[1:], points[0]]
    return sum(math.hypot(one["x"] - two["x"], one["y"] - two["y"]) for one, two in zip(points, around, strict=True))


def polygon_convex(points: Sequence[dict[str, float]]) -> bool:
    """Whether no corner of an outline points inwards. Raises ValueError where the outline crosses itself."""
    corners = [(one["x"], one["y"]) for one in points]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    for at, edge in enumerate(edges):
        for other in edges[at + 2 : len(edges) - (at == 0)]:
            if _crosses(edge, other):
                raise ValueError("the outline crosses itself")
    turns = [_turn(one, two, corners[(at + 2) % len(corners)]) for at, (one, two) in enumerate(edges)]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def _crosses(one: tuple[Point, Point], two: tuple[Point, Point]) -> bool:
    apart = _turn(*one, two[0]) * _turn(*one, two[1]) > 0 or _turn(*two, one[0]) * _turn(*two, one[1]) > 0
    return not apart


def third_side(side: float, other: float, angle: float) -> float:
    """The side opposite the angle that two sides of a triangle enclose."""
    return math.sqrt(side**2 + other**2 - 2 * side * other * math.cos(math.radians(angle)))


def opposite_angle(side: float, other: float, angle: float) -> float:
    """The angle opposite the first of two sides of a triangle that enclose an angle."""
    third = third_side(side, other, angle)
    return math.degrees(math.acos((other**2 + third**2 - side**2) / (2 * other * third)))


def circle_through(points: Sequence[dict[str, float]]) -> list[float]:
    """[x, y, radius] of the circle through three points. Raises ZeroDivisionError where they lie on a line."""
    (ax, ay), (bx, by), (cx, cy) = ((one["x"], one["y"]) for one in points)
    double = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
    a, b, c = ax**2 + ay**2, bx**2 + by**2, cx**2 + cy**2
    x = (a * (by - cy) + b * (cy - ay) + c * (ay - by)) / double
    y = (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / double
    return [x, y, math.hypot(ax - x, ay - y)]


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two places on the globe, along a great circle."""
    one, two = math.radians(latitude), math.radians(other_latitude)
    along = math.radians(other_longitude - longitude)
    part = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(along / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(part))


def add_days(day: str, number: float) -> str:
    """A date so many days later."""
    return (date.fromisoformat(day[:10]) + timedelta(days=int(number))).isoformat()


def add_months(day: str, number: float) -> str:
    """The same day so many months later, or that month's last day."""
    start = date.fromisoformat(day[:10])
    year, month = divmod(start.year * 12 + start.month - 1 + int(number), 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])).isoformat()


def days_between(day: str, other: str) -> int:
    """Days from one date to another."""
    return (date.fromisoformat(other[:10]) - date.fromisoformat(day[:10])).days


def workdays_between(day: str, other: str) -> int:
    """Days from Monday to Friday from one date up to the day before another."""
    first = date.fromisoformat(day[:10])
    return sum((first + timedelta(days=at)).weekday() < 5 for at in range(days_between(day, other)))


def weekday(day: str) -> str:
    """Name of a date's weekday."""
    return f"{date.fromisoformat(day[:10]):%A}"


def factors(number: int) -> list[int]:
    """Prime factors in ascending order."""
    found, divisor = [], 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            found.append(divisor)
            number //= divisor
        divisor += 1
    return found + ([number] if number > 1 else [])


def roman(number: int) -> str:
    """A whole number from 1 to 3999 in Roman numerals."""
    text = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        text += sign * times
    return text


def in_base(number: int, system: int | str) -> str:
    """A whole number written in a base from 2 to 36, or in one named `hexadecimal` and the like."""
    base, digits = _BASES[system] if isinstance(system, str) else system, ""
    while number:
        number, rest = divmod(number, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits or "0"


def scaled(length: float, scale: str, rounding: str = "exact") -> float:
    """A length in a model's scale (`1/87`), rounded to halves or wholes where asked."""
    part, whole = map(int, scale.split("/"))
    model, step = length * part / whole, {"half_millimetre": 0.5, "millimetre": 1.0}.get(rounding)
    return round(model / step) * step if step else model


def add_minutes(clock: str, number: float) -> str:
    """A time of day so many minutes later, or earlier for a negative number."""
    minutes = (int(clock[:2]) * 60 + int(clock[3:5]) + round(number)) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log10": math.log10, "abs": abs, "floor": math.floor, "ceil": math.ceil,
    "sin": lambda angle: math.sin(math.radians(angle)), "cos": lambda angle: math.cos(math.radians(angle)),
    "tan": lambda angle: math.tan(math.radians(angle)), "asin": lambda ratio: math.degrees(math.asin(ratio)),
    "acos": lambda ratio: math.degrees(math.acos(ratio)), "atan": lambda ratio: math.degrees(math.atan(ratio)),
    "pi": lambda: math.pi, "round": lambda number, digits=0: round(number, int(digits)), "gcd": math.gcd, "lcm": math.lcm,
    "factorial": lambda number: math.factorial(min(number, 170)), "choose": math.comb, "arrange": math.perm,
    "sum": sum, "min": min, "max": max, "count": len, "mean": statistics.fmean, "median": statistics.median,
    "stdev": statistics.stdev, "variance": statistics.variance, "spread": lambda numbers: max(numbers) - min(numbers),
    "sorted": sorted, "reversed": lambda items: list(items)[::-1], "unique": lambda items: list(dict.fromkeys(items)),
    "item": lambda items, at: items[int(at)], "filled": lambda items: [one for one in items if one is not None],
    "upper": str.upper, "lower": str.lower, "title": str.title, "reverse": lambda text: text[::-1],
    "words": lambda text: len(text.split()), "characters": len, "letters": lambda text: sum(map(str.isalpha, text)),
    "replace": str.replace, "join": lambda items, between: between.join(map(str, items)),
    "convert": convert, "compound": compound, "savings": savings, "annuity": annuity, "polygon_area": polygon_area,
    "polygon_perimeter": polygon_perimeter, "circle_through": circle_through, "distance": distance, "add_days": add_days,
    "add_months": add_months, "days_between": days_between, "workdays_between": workdays_between, "weekday": weekday,
    "factors": factors, "roman": roman, "in_base": in_base, "scaled": scaled,
    "add_minutes": add_minutes, "third_side": third_side, "opposite_angle": opposite_angle, "polygon_convex": polygon_convex,
    "gcd_of": lambda numbers: math.gcd(*numbers), "lcm_of": lambda numbers: math.lcm(*numbers),
    "divisor_count": lambda number: math.prod(many + 1 for many in Counter(factors(number)).values()),
    "chosen": lambda value, keys, results: results[keys.index(value)],
    "digit_sum": lambda digits: sum(int(digit, 36) for digit in digits), "year": lambda day: int(day[:4]),
}  # fmt: skip
"""What a formula may call, by name."""
