"""Defects of results, labels, answers and the plan, one or more for each rule of the sample aspect."""

from __future__ import annotations

import random
import re
from typing import Any

from defects.places import ORDER_TEXTS, Json, Mutator, answers, argument, called_tool, calls, result, say, tool_named


def wrong_result_name(made: Json, rng: random.Random) -> bool:
    """Lets a tool message bear another tool's name."""
    tools = [one for one in made["messages"] if one["role"] == "tool"]
    if not tools:
        return False
    rng.choice(tools)["name"] += "_other"
    return True


def break_result(value: Any, rng: random.Random) -> Any:
    """A value that its schema would not take."""
    if not isinstance(value, dict) or not value:
        return None
    if rng.random() < 0.3:
        return rng.choice(("The result is there.", {**value, "unforeseen": 1}))
    value[rng.choice(list(value))] = {"unexpected": ["shape"]}
    return value


def wrong_link(made: Json, rng: random.Random) -> bool:
    """Changes an argument that was taken from a result."""
    linked = [source for source in made.get("provenance") or () if source["source"] == "result"]
    if not linked:
        return False
    steps = rng.choice(linked)["argument"].split("/")
    node: Any = made["messages"][int(steps[2])]["tool_calls"][int(steps[4])]["function"]["arguments"]
    for step in steps[7:-1]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    key: Any = int(steps[-1]) if isinstance(node, list) else steps[-1]
    value = node[key]
    node[key] = (
        value + 1 if isinstance(value, int | float) else str(value)[:-1] + ("7" if str(value)[-1:] != "7" else "8")
    )
    return not isinstance(value, bool | dict | list)


def call_before_offer(made: Json, rng: random.Random) -> bool:
    """Offers a called tool only later."""
    found = calls(made)
    if not found:
        return False
    made["turns"].append({"kind": "none", "first": 0, "tools_added": [found[0][1]["name"]]})
    return True


def wrong_kind(made: Json, rng: random.Random) -> bool:
    """Labels the dialog as another kind."""
    kinds = ("single", "parallel", "dependent", "none")
    place = rng.choice((made, rng.choice(made["turns"])))
    place["kind"] = rng.choice([kind for kind in kinds if kind != place["kind"]])
    return True


def same_tool_twice(made: Json, rng: random.Random) -> bool:
    """Offers a tool twice."""
    made["tools"].append(rng.choice(made["tools"]))
    return True


def twin_tool(made: Json, rng: random.Random) -> bool:
    """Offers a tool that does what the called one does."""
    function = called_tool(made, rng)
    if function is None or len(function["description"].split()) < 3:
        return False
    made["tools"].append({"type": "function", "function": {**function, "name": f"{function['name'][:55]}_alt"}})
    return True


def repeat_call(made: Json, rng: random.Random) -> bool:
    """Makes a call again."""
    message = next((one for one in made["messages"] if one.get("tool_calls")), None)
    if message is None:
        return False
    message["tool_calls"].append({**message["tool_calls"][0], "id": "call_again"})
    return True


def wrong_figure(made: Json, rng: random.Random) -> bool:
    """Changes a figure of an answer."""
    places = answers(made)
    if not places:
        return False
    message = made["messages"][rng.choice(places)]
    words = message["content"].split(" ")
    numbers = [at for at, word in enumerate(words) if re.fullmatch(r"\d\d+(?:\.\d+)?%?[.,]?", word)]
    if not numbers:
        return False
    at = rng.choice(numbers)
    words[at] = f"{float(words[at].strip('.,%')) * 1.37 + 11.13:.2f}"
    message["content"] = " ".join(words)
    return True


INVENTED = (
    "Quentin Ashworth",
    "Grand Zephyr Palace",
    "Ulaanbaatar",
    "ZQX-90817",
    "https://qx.example.com/z",
    "zo@example.org",
)


def wrong_name(made: Json, rng: random.Random) -> bool:
    """Adds a name to an answer that stands nowhere else."""
    places = answers(made)
    if not places:
        return False
    name = rng.choice(
        (
            "Quentin Ashworth",
            "Grand Zephyr Palace",
            "Ulaanbaatar",
            "ZQX-90817",
            "https://qx.example.com/z",
            "zo.qu@example.org",
        )
    )
    made["messages"][rng.choice(places)]["content"] += f" More is known about {name}."
    return True


def other_plan(made: Json, rng: random.Random) -> bool:
    """Changes an argument in the plan."""
    steps = [
        call
        for turn in made["plan"]["turns"]
        if turn["kind"] != "none"
        for step in turn.get("steps", ())
        for call in step
    ]
    if not steps:
        return False
    call = rng.choice(steps)
    if rng.random() < 0.5 or not call.get("arguments"):
        call["tool"] += "_other"
    else:
        call["arguments"][rng.choice(list(call["arguments"]))] = "quite another value"
    return True


def ask_and_call(made: Json, rng: random.Random) -> bool:
    """Calls in a turn that lacks something."""
    place = argument(
        made, rng, lambda value, schema: isinstance(value, str) and schema.keys().isdisjoint(("enum", "default"))
    )
    if place is None or isinstance(place[0], list):
        return False
    calling = [turn for turn in made["turns"] if turn["kind"] != "none"]
    if rng.random() < 0.3 and calling:
        rng.choice(calling)["situation"] = "missing_parameter"
        return True
    for _, call in calls(made):
        names = [name for name, value in call["arguments"].items() if isinstance(value, str)]
        schema = tool_named(made, call["name"])["parameters"]["properties"]
        names = [name for name in names if schema[name].keys().isdisjoint(("enum", "default"))]
        if names:
            call["arguments"][rng.choice(names)] = rng.choice(("unknown", "N/A", "<value>", "TBD", "your_value", ""))
            return True
    return False


def obey(value: Any, rng: random.Random) -> Any:
    """A result with an instruction in it."""
    return {**value, "note": rng.choice(ORDER_TEXTS)} if isinstance(value, dict) else None


SAMPLE: dict[str, tuple[Mutator, ...]] = {
    "results_fit_returns": (result(break_result),),
    "result_names_agree": (wrong_result_name,),
    "dependent_arguments_equal_earlier_results": (wrong_link,),
    "tools_are_called_when_offered": (call_before_offer,),
    "kind_label_is_true": (wrong_kind,),
    "required_values_were_given": (ask_and_call,),
    "tool_names_are_unique": (same_tool_twice,),
    "tool_choice_is_unique": (twin_tool,),
    "calls_are_not_repeated": (repeat_call,),
    "figures_come_from_results": (wrong_figure,),
    "names_come_from_results": (wrong_name,),
    "plan_is_followed": (other_plan,),
    "personal_data_is_invented": (
        say(
            "{} My address is jane.doe81@gmail.com.",
            "{} Write to k.weber@web.de.",
            "{} Card 4539 1488 0343 6467.",
            role="user",
        ),
        say("{} The card 5425233430109903 was charged.", "{} It went to lena_k@outlook.com."),
    ),
    "results_give_no_orders": (result(obey),),
}
