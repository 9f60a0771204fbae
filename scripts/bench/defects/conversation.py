"""Defects of the conversation and its words, one or more for each rule of the dialog aspect."""

from __future__ import annotations

import random
from datetime import date, timedelta

from defects.places import Json, Mutator, calls, replace_value, say, spoken


def drop_message(role: str) -> Mutator:
    """Leaves out a message of this role."""

    def plant(made: Json, rng: random.Random) -> bool:
        places = [at for at, one in enumerate(made["messages"]) if one["role"] == role]
        if not places:
            return False
        del made["messages"][rng.choice(places)]
        return True

    return plant


def swap_roles(made: Json, rng: random.Random) -> bool:
    """Two neighbours change places; not a result and the next step's calls, after which the roles may still be in order."""
    messages = made["messages"]
    at = rng.randrange(len(messages) - 1)
    is_step = messages[at]["role"] == "tool" and messages[at + 1].get("tool_calls")
    if is_step or messages[at]["role"] == messages[at + 1]["role"]:
        return False
    messages[at], messages[at + 1] = messages[at + 1], messages[at]
    return True


def same_ids(made: Json, rng: random.Random) -> bool:
    """Gives two calls one id, or a tool message the id of no call."""
    found = [call for one in made["messages"] for call in one.get("tool_calls") or ()]
    if len(found) > 1 and rng.random() < 0.5:
        found[-1]["id"] = found[0]["id"]
        return True
    tools = [one for one in made["messages"] if one["role"] == "tool"]
    if not tools:
        return False
    rng.choice(tools)["tool_call_id"] = "call_unknown"
    return True


def end_early(made: Json, rng: random.Random) -> bool:
    """Takes the last message away."""
    made["messages"].pop()
    return True


def empty_message(made: Json, rng: random.Random) -> bool:
    """Empties what a message says."""
    message = rng.choice([one for one in made["messages"] if not one.get("tool_calls")])
    message["content"] = rng.choice(("", "   ", "\n"))
    return True


def too_long(made: Json, rng: random.Random) -> bool:
    """Makes the dialog longer than is allowed."""
    message = spoken(made, rng)
    if message is None:
        return False
    message["content"] += " More about it follows here." * 8_000
    return True


def wrong_turns(made: Json, rng: random.Random) -> bool:
    """Lets a turn begin at the wrong message."""
    if rng.random() < 0.5:
        made["turns"][rng.randrange(len(made["turns"]))]["first"] += 1
    else:
        made["turns"].pop()
    return True


def cut_off(made: Json, rng: random.Random) -> bool:
    """Stops a text in the middle."""
    message = spoken(made, rng)
    if message is None or len(message["content"]) < 60:
        return False
    text = message["content"]
    end = rng.randrange(45, len(text) - 2)
    if text[end - 1] in ".!?…:;)\"' " or not text[end - 1].isalnum():
        return False
    message["content"] = text[:end]
    return True


def call_as_text(made: Json, rng: random.Random) -> bool:
    """The assistant writes its call down."""
    message = spoken(made, rng)
    if message is None:
        return False
    name = rng.choice(made["tools"])["function"]["name"]
    message["content"] = rng.choice(
        (f"[{name}(a=1)]", f'{{"name": "{name}", "arguments": {{}}}}', f"I call {name}(x).")
    )
    return True


def repeat_request(made: Json, rng: random.Random) -> bool:
    """Lets the user say the same again."""
    users = [one for one in made["messages"] if one["role"] == "user"]
    if len(users) < 2 or len(users[0]["content"].split()) < 4:
        return False
    users[-1]["content"] = users[0]["content"]
    return True


def impossible_date(made: Json, rng: random.Random) -> bool:
    """Gives a date that no calendar has."""
    iso = replace_value(
        lambda value, schema: isinstance(value, str) and len(value) == 10 and value[4:5] == "-",
        lambda value, schema, rng: value[:5] + rng.choice(("02-30", "13-01", "04-31", "00-10")),
    )
    return iso(made, rng) or say("{} It is on 2025-02-30.", "{} See 2024-13-01.")(made, rng)


def wrong_weekday(made: Json, rng: random.Random) -> bool:
    """Names the wrong day of the week for a date."""
    system = next((one for one in made["messages"] if one["role"] == "system"), None)
    if system is None:
        return False
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    stated = next((day for day in days if day in system["content"] and "-" in system["content"]), None)
    if stated is None:
        return False
    system["content"] = system["content"].replace(stated, rng.choice([day for day in days if day != stated]))
    return True


def backward_range(made: Json, rng: random.Random) -> bool:
    """Lets a range of dates end before it starts."""
    found = calls(made)
    if not found:
        return False
    arguments = rng.choice(found)[1]["arguments"]
    first = date(2025, 1, 1) + timedelta(days=rng.randrange(300))
    names = rng.choice(
        (("start_date", "end_date"), ("check_in", "check_out"), ("fromDay", "toDay"), ("departure", "return"))
    )
    arguments[names[0]], arguments[names[1]] = str(first), str(first - timedelta(days=rng.randrange(1, 40)))
    return True


def other_day(made: Json, rng: random.Random) -> bool:
    """The user says tomorrow, and the call has another day."""
    system = f"You are a helpful assistant. Today is 2025-0{rng.randrange(1, 10)}-1{rng.randrange(10)}."
    found = calls(made)
    user = next((one for one in made["messages"] if one["role"] == "user"), None)
    if not found or user is None or made["messages"].index(user) > 1 or made["turns"][0]["kind"] == "none":
        return False
    if made["messages"][0]["role"] != "system":
        return False
    made["messages"][0]["content"] = system
    user["content"] = rng.choice(
        ("Do it for tomorrow.", "I need this in three days.", "Show me what was there yesterday.")
    )
    arguments = found[0][1]["arguments"]
    arguments.clear()
    arguments["day"] = f"2023-0{rng.randrange(1, 10)}-2{rng.randrange(9)}"
    return len([one for one in found if one[0] == found[0][0]]) == 1 and made["kind"] == "single"


FOREIGN_ANSWERS = (
    "Das Zimmer ist gebucht und die Bestätigung wird in Kürze an Sie gesendet.",
    "La réservation est confirmée pour vous dans la ville.",
    "房间已经为您预订好了，请查收确认邮件。",
    "Забронировано, подтверждение будет отправлено по почте.",
)
FOREIGN_REQUESTS = (
    "Ich möchte bitte eine Übersicht für die nächste Woche mit allen Terminen.",
    "¿Puedes por favor buscar un hotel para dos personas en la ciudad?",
)
CONVERSATION: dict[str, tuple[Mutator, ...]] = {
    "dialog_fields_are_complete": (wrong_turns,),
    "dialog_is_not_too_long": (too_long,),
    "roles_are_in_order": (swap_roles,),
    "every_call_is_answered_once": (drop_message("tool"),),
    "call_ids_match": (same_ids,),
    "conversation_is_complete": (end_early,),
    "no_message_is_empty": (empty_message,),
    "no_prompt_text_is_leaked": (
        say(
            "{}<|im_end|>",
            "[INST] {} [/INST]",
            "<tool_call>{}",
            "Assistant: {}",
            "{} As an AI language model, I add this.",
        ),
        say("User: {}", "{}\n### System: be brief", "{} {{{{name}}}}", "Here is the JSON: {}", role="user"),
        say("{} It is {hotels.name}.", "{} Ask {agent}.", "<think>{}</think>"),
    ),
    "no_call_is_written_as_text": (call_as_text,),
    "characters_are_valid": (
        say("{}\x00", "\ufffd{}", "{} \x1b[0m", "{} cafÃ© â€œfinâ€\x9d", "{}\u202e"),
        say("{}\x07", "{} \ufeff", "\ue000 {}", role="user"),
    ),
    "text_is_not_cut_off": (cut_off, say("{} There is also (see", "{} And then the", "{} It costs 12 EUR,")),
    "one_language_is_spoken": (say(*FOREIGN_ANSWERS), say(*FOREIGN_REQUESTS, role="user")),
    "nothing_is_repeated": (
        repeat_request,
        say(
            "{} really really really really.",
            "{} It is done. It is done. It is done. It is done.",
            "the the the the {}",
        ),
    ),
    "words_are_meaningful": (
        say("{} asdfjkl qwerzxcv", "{} Hmmmmmmmm.", "{} xkcdqwrtz plmk.", "Lorem ipsum dolor sit amet. {}"),
    ),
    "dates_exist": (impossible_date,),
    "dates_agree_with_today": (wrong_weekday, other_day),
    "date_ranges_run_forward": (backward_range,),
}
