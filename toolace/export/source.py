"""Which dialogs of a workspace are exported, and what their pool says about where they come from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice

from toolace.export.card import Origins
from toolace.export.subsets import Scores
from toolace.records import Api, Dialog, Rejection
from toolace.shards import StageFolder

_FOLDERS = {"both": ("verified",), "rules": ("verified", "rejected"), "none": ("dialogs",)}
_MADE_BY = {"verified": "verify", "rejected": "verify", "dialogs": "gen-dialogs"}


def folders_of(level: str) -> dict[str, str]:
    """Stage folders read for this level of verification, and the commands that make them."""
    return {name: _MADE_BY[name] for name in _FOLDERS[level]}


def dialogs_of(folders: Mapping[str, StageFolder], level: str, limit: int | None) -> Callable[[], Iterator[Dialog]]:
    """The dialogs that have passed this level of verification (paper, section 3.3.1): `none`, the `rules`, or `both`
    layers."""

    def stream() -> Iterator[Dialog]:
        if level == "rules":
            found = chain(folders["verified"].records(Dialog), _rejected_by_experts(folders["rejected"]))
        else:
            found = chain(folders[_FOLDERS[level][0]].records(Dialog))
        return islice(found, limit)

    return stream


def scores_of(folder: StageFolder) -> Scores:
    """What `toolace score` has measured, where it has measured anything; else what was measured while a dialog was made.

    A score counts for the very dialog that was scored: one that was edited since has none. Memory: about 500 MB a million
    scored dialogs.
    """
    if not folder.parts():
        return lambda dialog: dialog.complexity
    found = {_identity(one): one.complexity for one in folder.records(Dialog)}
    return lambda dialog: found.get(_identity(dialog))


def origins_of(apis: Iterator[Api], stages: Mapping[str, StageFolder]) -> Origins:
    """Licences and ways of the pool, and the manifests of the earlier stages."""
    licences: Counter[str] = Counter()
    ways: Counter[str] = Counter()
    for api in apis:
        ways[api.lineage.origin] += 1
        licences.update(set(api.lineage.licences))
    manifests = {name: folder.manifest() for name, folder in stages.items()}
    return Origins(dict(licences), dict(ways), {name: made for name, made in manifests.items() if made})


def _identity(dialog: Dialog) -> bytes:
    """128 bits of everything about a dialog but its complexity."""
    return hashlib.blake2b(dialog.model_copy(update={"complexity": None}).line(), digest_size=16).digest()


def _rejected_by_experts(folder: StageFolder) -> Iterator[Dialog]:
    for rejection in folder.records(Rejection):
        errors = [finding for finding in rejection.findings if finding.severity == "error"]
        if all(finding.aspect == "expert" for finding in errors):
            yield rejection.dialog
