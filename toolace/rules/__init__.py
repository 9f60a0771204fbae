"""The rule layer of verification: plain check functions in four aspects, and the registry that names them (paper, section 2.3).

A rule is named as the sentence that holds and yields what it finds; this module adds the rule's name and aspect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from toolace.records import Aspect, Dialog, Finding
from toolace.rules import answers, dates, definition, dialog, executability, plan, safety, sample, text
from toolace.rules.found import Found, escaped
from toolace.rules.views import Limits, Sample

__all__ = ["REGISTRY", "Limits", "check_dialog", "describe"]

Check = Callable[[Any], Iterable[Found]]

REGISTRY: Final[dict[Aspect, dict[str, Check]]] = {
    "definition": {check.__name__: check for check in definition.CHECKS},
    "executability": {check.__name__: check for check in executability.CHECKS},
    "dialog": {check.__name__: check for check in (*dialog.CHECKS, *text.CHECKS, *dates.CHECKS)},
    "sample": {
        check.__name__: check for check in (*sample.CHECKS, *answers.CHECKS, plan.plan_is_followed, *safety.CHECKS)
    },
}
"""Rules by aspect and name. Definition rules take a Definition, executability rules a Call, the others a Sample."""

_LIMITS: Final = Limits()
_SAMPLE_CHECKS: Final[list[tuple[Aspect, str, Check]]] = [
    (aspect, name, check) for aspect in ("dialog", "sample") for name, check in REGISTRY[aspect].items()
]


def check_dialog(
    dialog: Dialog, *, foreign: bool = False, limits: Limits = _LIMITS, language: str = "en"
) -> list[Finding]:
    """Everything the rules find in a dialog; pointers are into it. In foreign data what is merely odd is a warning."""
    sample = Sample(dialog, is_foreign=foreign, limits=limits, language=language)
    findings = list(_definition_findings(sample)) if any(tool.findings for tool in sample.tools) else []
    for call in sample.calls:
        for check in executability.checks_for(call):
            for found in check(call):
                findings.append(_finding("executability", check.__name__, found))
    for aspect, name, check in _SAMPLE_CHECKS:
        for found in check(sample):
            findings.append(_finding(aspect, name, found))
    return findings


def describe() -> list[tuple[str, str, str]]:
    """(aspect, name, what it holds) of every rule, in the order in which they are asked."""
    return [
        (aspect, name, " ".join((check.__doc__ or "").split()))
        for aspect, rules in REGISTRY.items()
        for name, check in rules.items()
    ]


def _definition_findings(sample: Sample) -> Iterator[Finding]:
    for at, tool in enumerate(sample.tools):
        for finding in tool.findings:
            inside = finding.where.removeprefix("/returns")
            is_result = inside != finding.where
            where = f"/returns/{escaped(tool.name)}{inside}" if is_result else f"/tools/{at}{finding.where}"
            yield finding.model_copy(update={"where": where})


def _finding(aspect: Aspect, name: str, found: Found) -> Finding:
    return Finding(
        check=name, aspect=aspect, severity=found.severity, where=found.where, message=found.message, blame=found.blame
    )
