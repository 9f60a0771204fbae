"""A clean dialog made by hand: a question, a dependent call, a second turn. Every rule holds in it."""

from __future__ import annotations

import json
from typing import Any

from toolace.records import Dialog

Json = dict[str, Any]

SEARCH: Json = {
    "type": "function",
    "function": {
        "name": "search_hotels",
        "description": "Find hotels with free rooms in a city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "City to stay in", "minLength": 2},
                "check_in": {"type": "string", "description": "Day of arrival", "format": "date"},
                "check_out": {"type": "string", "description": "Day of departure", "format": "date"},
                "guests": {"type": "integer", "description": "Number of guests", "minimum": 1, "maximum": 9},
                "room": {"type": "string", "description": "Kind of room", "enum": ["single", "double"]},
                "country": {"type": "string", "description": "Country code", "pattern": "^[A-Z]{2}$"},
                "amenities": {
                    "type": "array",
                    "description": "What the hotel must have",
                    "items": {"type": "string"},
                    "maxItems": 3,
                    "uniqueItems": True,
                },
                "budget": {
                    "description": "Highest price, or a class",
                    "anyOf": [{"type": "number"}, {"type": "string", "enum": ["low", "high"]}],
                },
            },
            "required": ["city", "check_in"],
        },
    },
}
BOOK: Json = {
    "type": "function",
    "function": {
        "name": "book_room",
        "description": "Book a room in a hotel for one guest.",
        "parameters": {
            "type": "object",
            "properties": {
                "hotel_id": {"type": "string", "description": "Identifier of the hotel"},
                "guest": {
                    "type": "object",
                    "description": "Who checks in",
                    "properties": {"name": {"type": "string", "description": "Full name"}},
                    "required": ["name"],
                },
            },
            "required": ["hotel_id", "guest"],
        },
    },
}
HOTELS: Json = {
    "type": "object",
    "properties": {
        "hotels": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"hotel_id": {"type": "string"}, "name": {"type": "string"}, "price": {"type": "number"}},
                "required": ["hotel_id", "name", "price"],
            },
        }
    },
    "required": ["hotels"],
}
BOOKING: Json = {
    "type": "object",
    "properties": {"booking_id": {"type": "string"}, "total": {"type": "number"}},
    "required": ["booking_id", "total"],
}
FOUND = {"hotels": [{"hotel_id": "HTL-4711", "name": "Casa Miramar", "price": 84.5}]}


def clean() -> Json:
    """The dialog as JSON, to be spoilt."""
    search = {"city": "Porto", "check_in": "2024-05-15", "guests": 2}
    book = {"hotel_id": "HTL-4711", "guest": {"name": "Ana Lima"}}
    made = {
        "v": 1,
        "id": "dialog-1",
        "kind": "dependent",
        "turns": [{"kind": "dependent", "first": 1}, {"kind": "none", "first": 7}],
        "tools": [SEARCH, BOOK],
        "returns": {"search_hotels": HOTELS, "book_room": BOOKING},
        "messages": [
            {"role": "system", "content": "You are a helpful assistant. Today is Tuesday, 14 May 2024 (2024-05-14)."},
            {"role": "user", "content": "Find a hotel in Porto for tomorrow for two guests and book it for Ana Lima."},
            {"role": "assistant", "tool_calls": [_call("call_1", "search_hotels", search)]},
            {"role": "tool", "tool_call_id": "call_1", "name": "search_hotels", "content": json.dumps(FOUND)},
            {"role": "assistant", "tool_calls": [_call("call_2", "book_room", book)]},
            {
                "role": "tool",
                "tool_call_id": "call_2",
                "name": "book_room",
                "content": json.dumps({"booking_id": "BKN-0815", "total": 84.5}),
            },
            {"role": "assistant", "content": "A room at Casa Miramar is booked as BKN-0815 for 84.50."},
            {"role": "user", "content": "Thank you, that was quick!"},
            {"role": "assistant", "content": "You're welcome. Have a good trip."},
        ],
        "plan": {
            "turns": [
                {
                    "kind": "dependent",
                    "intent": {"goal": "find a hotel"},
                    "steps": [
                        [{"tool": "search_hotels", "arguments": search}],
                        [
                            {
                                "tool": "book_room",
                                "arguments": {
                                    "hotel_id": {"$call": 0, "$path": "hotels.0.hotel_id"},
                                    "guest": {"name": "Ana Lima"},
                                },
                            }
                        ],
                    ],
                },
                {"kind": "none", "intent": {"goal": "say thanks"}},
            ]
        },
        "provenance": [
            {
                "argument": "/messages/4/tool_calls/0/function/arguments/hotel_id",
                "source": "result",
                "at": "/messages/3/content",
            }
        ],
    }
    again: Json = json.loads(json.dumps(made))
    return again


def dialog(made: Json) -> Dialog:
    """The record of a dialog that was spoilt, or not."""
    return Dialog.model_validate(made)


def _call(id: str, name: str, arguments: Json) -> Json:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
