"""Distils the schemas of real operations into what a functionality needs: nobody's brand, one sentence a description,
no plumbing, no deeper than people nest. Imported tools are never touched by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from toolace.assets import asset
from toolace.meaning import words

Schema = dict[str, Any]

PARAMETERS: Final = 12
"""Parameters a functionality keeps beside the required ones, in the document's order."""
FIELDS: Final = 10
"""Fields of an object in a result, or inside a parameter."""
DEPTH: Final = 3
LONGEST: Final = 160
"""Characters of a description, cut at the end of a sentence."""

_BRANDS: Final = (
    "google gcp gtm gmail youtube android firebase chrome chromeos bigquery bigtable alloydb kubernetes gke "
    "looker apigee dialogflow vertex "
    "dataplex dataproc waze fitbit doubleclick adsense admob aws amazon azure microsoft apple facebook meta "
    "stripe github gitlab slack "
    "twilio shopify salesforce oracle ibm alexa kindle iam_v1 sagemaker dynamodb cloudwatch cloudformation "
    "cloudfront cloudtrail redshift "
    "recaptcha fargate eks ecs ec2 s3 rds sns sqs aurora athena kinesis cognito bedrock lightsail cloudsearch "
    "greengrass"
).split()
_SPLIT_BRANDS: Final = (
    "ad sense",
    "ad mob",
    "you tube",
    "big query",
    "big table",
    "double click",
    "git hub",
    "git lab",
    "face book",
)
_RUNNING: Final = frozenset(("done", "error", "metadata", "name", "response"))
"""Fields of a long-running operation, which says nothing of what was done."""
_PLUMBING: Final = re.compile(
    r"^(etag|page ?token|next page ?token|fields|alt|key|oauth token|quota user|access token|callback|pretty print|"
    r"upload protocol|upload type|user ip|kind|self link|client token|dry run|request id|validate only|update mask|"
    r"idempotency token|client request token|self link with id|return partial success|marker|next token|"
    r"metadata|user agent|api key|authorization|x .*)$"
)
_LABEL: Final = re.compile(
    r"^(?:\[?\(?(?:required|optional|output only|input only|immutable|deprecated|identifier|unused|beta|alpha|preview)"
    r"\b[.:,)\]]*\s*)+",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"\s\((?:see|for example|e\.g\.|as defined)[^()]*(?:\([^()]*\)[^()]*)*\)|`|https?://\S+|\[[^\]]*\]\([^)]*\)|\*\*?",
    re.IGNORECASE,
)
_LOOSE_ARTICLE: Final = re.compile(
    r"\s(?:in|on|of|by|from|with)?\s*(?:the|an?)$|\b(?:the|an?)(?=\s+(?:to|in|of|for|and|or|is|are)\b)\s"
)
_HIDDEN: Final = re.compile(
    r"\b(output only|deprecated|unused|do not use|not used|internal use|reserved for)\b", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\s(?=Format:|Note:|Example:|Possible values|Valid values)|\s\* ")

_KEPT: Final = frozenset(
    "type format enum const default pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf "
    "minLength maxLength minItems maxItems uniqueItems".split()
)
"""Keywords of a schema that are taken over; whatever else may hold text is left behind."""

Clean = Callable[[str], str]


def distilled(parameters: Schema, returns: Schema, clean: Clean) -> tuple[Schema, Schema]:
    """Parameters and result of an operation as a functionality's inputs and outputs; `clean` takes brands out of a
    text."""
    required = [name for name in parameters.get("required", ()) if not _PLUMBING.match(words(name))]
    kept = _kept(parameters.get("properties", {}), required, PARAMETERS, clean)
    inputs: Schema = {"type": "object", "properties": kept}
    if required := [name for name in required if name in kept]:
        inputs["required"] = required
    outputs = _RUNNING_RESULT if _is_running(returns) else _shortened(returns, clean, 0)
    return inputs, outputs if outputs.get("type") == "object" else {"type": "object", "properties": {"result": outputs}}


_RUNNING_RESULT: Final[Schema] = {
    "type": "object",
    "properties": {
        "operation": {"type": "string", "description": "Name of the operation, by which it can be followed"},
        "done": {"type": "boolean", "description": "Whether the operation has finished"},
    },
    "required": ["operation", "done"],
}


def _is_running(returns: Schema) -> bool:
    fields = set(returns.get("properties", ()))
    return {"done", "error"} <= fields <= _RUNNING


def _kept(properties: Schema, required: Iterable[str], most: int, clean: Clean, depth: int = 0) -> Schema:
    needed = set(required)
    found: Schema = {}
    for name, one in properties.items():
        is_hidden = _PLUMBING.match(words(name)) or _HIDDEN.search(str(one.get("description", ""))[:80])
        if name in needed or not (is_hidden or len(found) >= most or clean(words(name)) != words(name)):
            found[name] = _shortened(one, clean, depth + 1, name)
    return found


def _shortened(schema: Schema, clean: Clean, depth: int, name: str = "") -> Schema:
    made = {key: value for key, value in schema.items() if key in _KEPT}
    text = one_sentence(str(schema.get("description", "")), clean)
    head: Schema = {"type": made.pop("type")} if "type" in made else {}
    if name:
        head["description"] = text if len(text) >= 3 else words(name).capitalize()
    elif text and depth == 0:
        head["description"] = text
    made = {**head, **made}
    if len(str(made.get("pattern", ""))) > 60:
        del made["pattern"]
    if isinstance(schema.get("properties"), dict) and depth < DEPTH:
        required = [one for one in schema.get("required", ()) if one in schema["properties"]]
        made["properties"] = _kept(schema["properties"], required, FIELDS, clean, depth)
        if required := [one for one in required if one in made["properties"]]:
            made["required"] = required
    if isinstance(schema.get("items"), dict):
        made["items"] = _shortened(schema["items"], clean, depth)
    return made


def one_sentence(text: str, clean: Clean) -> str:
    """The first sentence without labels, markup, links and brands, no longer than a line and a half."""
    text = " ".join(_NOISE.sub(" ", _LABEL.sub("", text.strip())).split())
    text = _LOOSE_ARTICLE.sub("", clean(_SENTENCE.split(text, maxsplit=1)[0]).strip(" .,:;-"))
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:(") + " …"
    text = re.sub(r"\s+([.,;:)])", r"\1", re.sub(r"\(\s*\)|\"\s*\"", "", text))
    return text[:1].upper() + text[1:]


def brand_remover(title: str, vendor: str | None) -> Clean:
    """Takes brands out of a text: the vendor's name, known ones, and words of the title that are no common words."""
    named = [word for word in words(title).split() if len(word) > 3 and word.isalpha() and not _is_common(word)]
    brands = sorted(
        {*_BRANDS, *_SPLIT_BRANDS, *words(vendor or "").split(), *named} - {"", "services", "service", "web"},
        key=len,
        reverse=True,
    )
    pattern = re.compile(
        rf"(?<![A-Za-z0-9])(?:{'|'.join(map(re.escape, brands))})(?:'s)?(?![A-Za-z0-9])\s*",
        re.IGNORECASE,
    )
    inside = "|".join(brand for brand in brands if brand.isalpha())
    camel = re.compile(rf"\S*googleapis\S*|\S*amazonaws\S*|(?:(?i:{inside}))(?=[A-Z])")
    return lambda text: " ".join(camel.sub("", pattern.sub("", text)).split())


def _is_common(word: str) -> bool:
    """Whether a word, or its singular, is in use in the seed catalogue: the language of people who do not name
    products."""
    return word in _vocabulary() or word.removesuffix("s") in _vocabulary()


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    found: set[str] = set()
    for file in asset("data/catalogue").glob("*.yaml"):
        found.update(re.findall(r"(?<![A-Za-z])[a-z]{3,}", file.read_text(encoding="utf-8").replace("_", " ")))
    return frozenset(found)
