"""What a format has no place for is refused with a reason that is counted."""

from __future__ import annotations

import pytest

from toolace.formats import FORMATS, NotCarried, Options, carried
from toolace.records import Dialog, Message, Source

REFUSED = [
    ("openai", "odd", "tool_name_refused_by_openai"),
    ("llamafactory", "beside_a_call", "text_beside_a_call"),
    ("toolace", "beside_a_call", "text_beside_a_call"),
    ("xlam", "dependent", "several_turns"),
    ("bfcl", "dependent", "several_turns"),
    ("xlam", "parallel", "system_message"),
    ("bfcl", "odd", "type_without_a_name_in_bfcl"),
]


@pytest.mark.parametrize(("format", "name", "reason"), REFUSED)
def test_a_dialog_is_refused_with_its_reason(format: str, name: str, reason: str, dialogs: dict[str, Dialog]) -> None:
    """Formats, dialogs of dialogs.yaml, and reasons."""
    with pytest.raises(NotCarried, match=f"^{reason}$"):
        carried(FORMATS[format], dialogs[name], Options(), 0)


@pytest.mark.parametrize("format", ["openai", "trl", "llamafactory", "swift", "hermes", "toolace"])
def test_message_formats_carry_every_plain_dialog(format: str, dialogs: dict[str, Dialog]) -> None:
    """Kinds, several turns, dates in the system message: nothing ordinary is refused."""
    for name in ("weather", "parallel", "dependent", "declined", "offered_later", "thinking", "without_tools"):
        carried(FORMATS[format], dialogs[name], Options(), 0)


def test_xlam_rows_go_without_a_system_message_that_no_value_comes_from(dialogs: dict[str, Dialog]) -> None:
    """Known by provenance; a date that is not said in full may rest on the system message's."""

    def traced(how: str) -> Dialog:
        source = Source.model_validate({"argument": "/messages/2/x", "source": "user", "how": how})
        return dialogs["parallel"].model_copy(update={"provenance": (source,)})

    carried(FORMATS["xlam"], traced("verbatim"), Options(), 0)
    for how in ("formatted", "relative"):
        with pytest.raises(NotCarried, match="system_message"):
            carried(FORMATS["xlam"], traced(how), Options(), 0)


def altered(dialog: Dialog, *messages: Message) -> Dialog:
    """The dialog with other messages."""
    return dialog.model_copy(update={"messages": messages})


def test_an_answer_that_reads_as_a_call_is_no_answer(dialogs: dict[str, Dialog]) -> None:
    """A reader could not tell it from a call."""
    user = Message(role="user", content="Hello")
    for format, content in (("toolace", "[get_weather(city=1)]"), ("hermes", "Use <tool_call> tags.")):
        spoken = altered(dialogs["weather"], user, Message(role="assistant", content=content))
        with pytest.raises(NotCarried, match="answer_reads_as_a_call"):
            carried(FORMATS[format], spoken, Options(), 0)


def test_rows_for_llamafactory_alternate_and_end_with_the_assistant(dialogs: dict[str, Dialog]) -> None:
    """Its loader skips the others with a warning."""
    user, answer = Message(role="user", content="Hello"), Message(role="assistant", content="Hello.")
    for messages, reason in (((user, user, answer), "roles_do_not_alternate"), ((user,), "no_answer_at_the_end")):
        with pytest.raises(NotCarried, match=reason):
            carried(FORMATS["llamafactory"], altered(dialogs["weather"], *messages), Options(), 0)


@pytest.mark.parametrize("format", ["llamafactory", "swift", "hermes"])
def test_results_must_answer_the_calls_in_order_where_there_are_no_ids(format: str, dialogs: dict[str, Dialog]) -> None:
    """Else a result would be taken for another call's."""
    system, user, calls, one, two, three, answer = dialogs["parallel"].messages
    swapped = altered(dialogs["parallel"], system, user, calls, two, one, three, answer)
    with pytest.raises(NotCarried, match="results_do_not_answer"):
        carried(FORMATS[format], swapped, Options(), 0)


def test_a_dialog_is_cut_before_tools_are_offered_later(dialogs: dict[str, Dialog]) -> None:
    """One list of tools a row: the part before is true with the tools of then, and teaches not to call."""
    for name, format in FORMATS.items():
        rows, whole, left_out = carried(format, dialogs["offered_later"], Options(), 0)
        assert (left_out, whole.kind, len(whole.messages)) == (1, "none", 2), name
        assert [tool["function"]["name"] for tool in whole.tools] == ["find_flights"], name
        assert "get_weather" not in str(rows), name


def test_a_number_that_json_cannot_hold_is_refused(dialogs: dict[str, Dialog]) -> None:
    """NaN would make the whole file unreadable."""
    call = dialogs["weather"].messages[1].tool_calls[0]  # type: ignore[index]
    function = call.function.model_copy(update={"arguments": {"city": float("nan")}})
    message = Message(role="assistant", tool_calls=(call.model_copy(update={"function": function}),))
    user, _, result, answer = dialogs["weather"].messages
    for format in ("openai", "llamafactory", "swift", "hermes", "xlam"):
        with pytest.raises(NotCarried, match="value_outside_json"):
            carried(FORMATS[format], altered(dialogs["weather"], user, message, result, answer), Options(), 0)
