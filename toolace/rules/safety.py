"""Sample consistency, safety: personal data is invented, and no document or result gives the model orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from toolace.rules.found import SEPARATOR, Found, shown
from toolace.rules.orders import order_in
from toolace.rules.views import Sample

_MAIL: Final = re.compile(r"[\w.+-]{1,64}@([\w-]+(?:\.[\w-]+)+)")
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example\.(?:com|org|net|edu)|[\w-]+\.(?:example|test|invalid|localhost))$")
_PROVIDERS: Final = """
gmail.com googlemail.com yahoo.com yahoo.co.uk hotmail.com outlook.com live.com msn.com icloud.com me.com aol.com gmx.de
gmx.net web.de mail.ru yandex.ru proton.me protonmail.com qq.com 163.com 126.com naver.com t-online.de orange.fr free.fr
libero.it zoho.com
"""
_MAILBOXES: Final = frozenset(_PROVIDERS.split())
_CARD: Final = re.compile(
    r"(?<![\w-])(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|3[47]\d\d|6011|65\d\d)(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![\w-])"
)
_CARD_SHAPES: Final = (b"0000000000000", b"0000 0000 0000", b"0000-0000-0000")
_LENGTHS: Final = {"2": (16,), "3": (15,), "4": (13, 16, 19), "5": (16,), "6": (16, 19)}
"""Digits of a card's number, by the first of them."""
_PUBLISHED: Final = """
4111111111111111 4242424242424242 4012888888881881 5555555555554444 5105105105105100 378282246310005 371449635398431
6011111111111117 4000056655665556 2223003122003222 4222222222222
"""
_TEST_CARDS: Final = frozenset(_PUBLISHED.split())


def personal_data_is_invented(sample: Sample) -> Iterator[Found]:
    """No address at a real mail provider and no valid card number. Addresses at domains that may be real are warnings."""
    given = sample.given
    if "@" in given:
        for where, text in _places(sample):
            for match in _MAIL.finditer(text) if "@" in text else ():
                domain = match[1].lower()
                if domain in _MAILBOXES:
                    yield Found(where, f"{shown(match[0])} may be a person's address", "definition", sample.odd)
                elif not _RESERVED.search(domain):
                    message = f"{shown(match[0])} is at a domain that may exist"
                    yield Found(where, message, "definition", "warning")
    if any(shape in sample.digits[1] for shape in _CARD_SHAPES):
        for where, text in _places(sample):
            for match in _CARD.finditer(text):
                digits = re.sub(r"\D", "", match[0])
                if digits not in _TEST_CARDS and _is_card(digits):
                    yield Found(where, f"{shown(match[0])} is a valid card number", "definition", sample.odd)


def results_give_no_orders(sample: Sample) -> Iterator[Found]:
    """No result tells the model what to do beside its task (a warning in foreign data)."""
    results = [text for text in sample.texts if text.role == "tool"]
    for text in results if order_in(SEPARATOR.join([text.text for text in results])) else ():
        if order := order_in(text.text):
            yield Found(text.where, f"a result gives orders: {shown(order)}", "tool", sample.odd)


CHECKS: Final = (personal_data_is_invented, results_give_no_orders)


def _places(sample: Sample) -> Iterator[tuple[str, str]]:
    for text in sample.texts:
        yield text.where, text.text
    for call, written in zip(sample.calls, sample.argument_texts, strict=True):
        yield f"{call.where}/function/arguments", written


def _is_card(digits: str) -> bool:
    """Luhn's check, and the issuers' lengths."""
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return len(digits) in _LENGTHS[digits[0]] and sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
