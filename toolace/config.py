"""The configuration: one tree of models, every default written once. toolace/configfile.py reads it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Section(BaseModel):
    """Base of all sections: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Sampling(Section):
    """Per-role overrides of the backend's model, endpoint and sampling."""

    model: str | None = None
    base_url: str | None = None
    temperature: float | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, gt=0)
    extra_body: dict[str, Any] | None = None


class Price(Section):
    """Price of one model, in the account's currency per million tokens."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Cap(Section):
    """What one (endpoint, model) allows a minute."""

    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)


SingleShot = Literal["speciation", "evolution", "mutation", "hallucination", "tool_response", "consistency"]


class Batch(Section):
    """The provider's batch API: half the price, replies within hours. `true` for all roles that one question serves.

    A batch is paid as a whole: `--max-cost` is looked at before it, not within."""

    roles: tuple[SingleShot, ...] = ()
    """Roles asked in batches: speciation, evolution, mutation, hallucination, tool_response, consistency."""
    size: int = Field(default=5000, ge=1, le=50_000)
    """Requests of one batch at most; as many attempts run at once."""
    gather: float = Field(default=10.0, ge=0)
    """Seconds without a new question after which a smaller batch is sent."""
    poll: float = Field(default=30.0, gt=0)
    """Seconds between two looks at a batch."""
    price: float = Field(default=0.5, ge=0, le=1)
    """Share of the model's price."""


class Backend(Section):
    """Who answers the roles. The key comes from OPENAI_API_KEY and is never written anywhere."""

    kind: Literal["simulator", "openai"] = "simulator"
    model: str = "gpt-4.1-mini"
    base_url: str | None = None
    temperature: float = Field(default=0.8, ge=0)
    max_tokens: int = Field(default=4096, gt=0)
    timeout: float = Field(default=120.0, gt=0)
    retries: int = Field(default=6, ge=0)
    re_asks: int = Field(default=3, ge=0)
    structured: Literal["auto", "json_schema", "json_object", "none"] = "auto"
    extra_body: dict[str, Any] = {}
    roles: dict[str, Sampling] = {}
    prices: dict[str, Price] = {}
    """By model."""
    caps: dict[str, Cap] = {}
    """By model, or by "BASE_URL MODEL" where endpoints differ. What an endpoint can take beside them is found out."""
    batch: Batch = Batch()
    send_context: bool = False

    @field_validator("batch", mode="before")
    @classmethod
    def _for_all_or_none(cls, value: Any) -> Any:
        return {"roles": get_args(SingleShot) if value else ()} if isinstance(value, bool) else value

    def model_of(self, role: str) -> str:
        """The model that answers a role."""
        own = self.roles.get(role)
        return (own.model if own else None) or self.model

    def price_of(self, role: str) -> Price | None:
        """What the role's model costs, in batches where it is asked so; None where no price is given."""
        price = self.prices.get(self.model_of(role))
        if price is None or role not in self.batch.roles:
            return price
        return Price(input=price.input * self.batch.price, output=price.output * self.batch.price)


Naming = Literal["snake", "camel", "pascal", "kebab", "noun_first", "prefixed", "namespaced"]
Share = Annotated[float, Field(ge=0)]


class Styles(Section):
    """Mixtures from which the style of each synthesized API is drawn, so that the pool does not collapse into one
    style.

    Dotted names (`calendar.create_event`) are no style: OpenAI-compatible endpoints refuse dots. `namespaced` is
    their legal form, `calendar__create_event`, as MCP clients write it; imported tools keep the names they have."""

    naming: dict[Naming, Share] = {
        "snake": 0.42,
        "camel": 0.2,
        "pascal": 0.06,
        "kebab": 0.06,
        "noun_first": 0.1,
        "prefixed": 0.12,
        "namespaced": 0.04,
    }
    description: dict[Literal["short", "medium", "long"], Share] = {"short": 0.3, "medium": 0.35, "long": 0.35}
    voice: dict[Literal["imperative", "third_person", "use_this"], Share] = {
        "imperative": 0.6,
        "third_person": 0.3,
        "use_this": 0.1,
    }
    order: dict[Literal["required_first", "as_is", "alphabetical"], Share] = {
        "required_first": 0.6,
        "as_is": 0.3,
        "alphabetical": 0.1,
    }
    depth: dict[Literal["flat", "as_is", "grouped"], Share] = {"flat": 0.06, "as_is": 0.34, "grouped": 0.6}
    wording: dict[Literal["plain", "explicit"], Share] = {"plain": 0.5, "explicit": 0.5}
    optional: tuple[float, float] = (3.0, 1.1)
    """Parameters of the beta distribution of the share of optional parameters that an API offers."""
    detail: tuple[float, float] = (1.3, 0.9)
    """The same for the share of parameters whose descriptions give range, form, example or default."""

    @field_validator("naming", "description", "voice", "order", "depth", "wording")
    @classmethod
    def _has_weight(cls, value: dict[str, float]) -> dict[str, float]:
        if sum(value.values()) > 0:
            return value
        raise ValueError("expected a mixture with at least one share above 0")

    @field_validator("optional", "detail")
    @classmethod
    def _is_beta(cls, value: tuple[float, float]) -> tuple[float, float]:
        if min(value) > 0:
            return value
        raise ValueError("expected two numbers above 0")


class SynthApis(Section):
    """Stage 1, tool self-evolution synthesis (paper, section 2.1)."""

    num_apis: int = Field(default=1000, ge=1)
    documents: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    diversity: dict[Annotated[int, Field(ge=1)], Share] = {1: 0.4, 2: 0.3, 3: 0.18, 4: 0.12}
    """Share of APIs by diversity level wished for: how many functionalities one API covers, where the domain allows
    so many."""
    styles: Styles = Styles()
    generation_size: int = Field(default=128, ge=1)
    """Attempts of one synchronous generation; the next one sees its accepted APIs in the example buffer."""
    buffer_size: int = Field(default=16, ge=1)
    """Examples kept per island (first level of the domain)."""
    indicators: tuple[int, int] = (1, 3)
    """How many diversity indicators are applied to a new API: at least, at most."""
    near_duplicate: float = Field(default=0.8, gt=0, le=1)
    """Jaccard similarity of name, description and parameters from which two APIs are near-duplicates."""
    attempts_per_api: int = Field(default=8, ge=1)

    @field_validator("diversity")
    @classmethod
    def _has_levels(cls, value: dict[int, float]) -> dict[int, float]:
        if sum(value.values()) > 0:
            return value
        raise ValueError("expected at least one level with a share above 0")

    @field_validator("indicators")
    @classmethod
    def _are_in_order(cls, value: tuple[int, int]) -> tuple[int, int]:
        if 0 <= value[0] <= value[1] <= 4:
            return value
        raise ValueError("expected two numbers from 0 to 4, the lower one first")


class GenDialogs(Section):
    """Stage 2, self-guided dialog generation (paper, section 2.2). The paper publishes no mix; this one is ours."""

    num_dialogs: int = Field(default=300, ge=1)
    mix: dict[Literal["single", "parallel", "dependent", "none"], float] = {
        "single": 0.3,
        "parallel": 0.25,
        "dependent": 0.2,
        "none": 0.25,
    }
    situations: dict[str, float] = {
        "plain": 0.62,
        "missing_parameter": 0.13,
        "tool_error": 0.07,
        "empty_result": 0.05,
        "changed_mind": 0.07,
        "tool_offered_later": 0.06,
    }
    """What happens beside the calls in the first turn of a dialog that calls tools."""
    without_calls: dict[str, float] = {
        "no_fitting_tool": 0.3,
        "tool_absent": 0.24,
        "missing_parameter": 0.2,
        "ambiguous": 0.08,
        "knowledge": 0.1,
        "small_talk": 0.08,
    }
    """What a dialog that calls no tool is about; the shares hold for later turns without a call, too."""
    later_turns: dict[Literal["follow_up", "single", "parallel", "none"], float] = {
        "follow_up": 0.42,
        "single": 0.28,
        "parallel": 0.12,
        "none": 0.18,
    }
    """What the turns after the first are, within the dialog's kind: a follow-up calls again with another value."""
    turns: dict[int, float] = {1: 0.5, 2: 0.25, 3: 0.15, 4: 0.04, 6: 0.03, 8: 0.03}
    """Share of dialogs by number of user turns."""
    candidates: dict[int, float] = {1: 0.1, 2: 0.14, 3: 0.16, 4: 0.15, 5: 0.12, 6: 0.1, 8: 0.1, 12: 0.08, 20: 0.05}
    """Share of dialogs by number of candidate tools; never fewer than the true ones."""
    near_distractors: float = Field(default=0.7, ge=0, le=1)
    """Share of the other tools that come from the true ones' own domain or area, or give or take what they do."""
    near_absent: float = Field(default=0.7, ge=0, le=1)
    """The same where no tool fits: share of the tools that come from near the one that is missing. A small model with few rows
    learns to decline first from those that are far."""
    votes: int = Field(default=3, ge=1)
    """Samples of each assistant action."""
    agreement: float = Field(default=1.0, gt=0, le=1)
    """Share of the samples that must agree on the decision (action, calls, arguments)."""
    retries: int = Field(default=2, ge=0)
    """Further tries of one assistant action after a disagreement."""
    masked_names: float = Field(default=0.03, ge=0, le=1)
    """Share of dialogs whose tool and parameter names are masked (Hammer)."""
    system_share: float = Field(default=0.5, ge=0, le=1)
    """Share of dialogs with a system message even where no relative date needs one."""
    tries: int = Field(default=3, ge=1)
    """Plans tried for one dialog before it is rejected."""
    attempts_per_dialog: int = Field(default=10, ge=1)
    """Budget: attempts per dialog wanted; `run --num-verified` has it for each kind."""


class ComplexitySection(Section):
    """Loss-based complexity (paper, section 2.2.2)."""

    learner: str = "auto"
    """`auto` is the embedded learner where the [learner] extra is installed, else none."""
    adapter: str | None = None
    """Folder of a LoRA adapter that is laid over the learner (ToolACE-R: measure with the model as it is tuned now)."""
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    """`auto` is bfloat16 on a GPU and on CPUs that multiply it natively; it is part of the learner's name in the
    records."""
    measure: Literal["nll", "nll_ratio", "total"] = "nll_ratio"
    """`nll` is the paper's; why it is not the default stands in toolace/complexity/__init__.py."""
    rounds: int = Field(default=2, ge=0, lt=8)
    """Complications of a first exchange that is out of range, at most."""
    out_of_range: Literal["keep", "drop"] = "keep"
    """What becomes of the best of the rounds when even that is out of range."""
    predictor: bool = False
    """Asks the learner only where a cheap predictor, trained by `toolace calibrate`, is not sure; how often that errs and what it
    saves stands in toolace/complexity/__init__.py."""
    lower: float | None = None
    """Bounds; where not given, those of `toolace calibrate` in this workspace, then those shipped for the embedded
    learner."""
    upper: float | None = None

    @field_validator("learner")
    @classmethod
    def _known_learner(cls, value: str) -> str:
        if value in ("auto", "none", "smollm2") or value.startswith(("hf:", "vllm:")):
            return value
        raise ValueError("expected auto, none, smollm2, hf:MODEL or vllm:URL")


class Verify(Section):
    """Stage 3, dual-layer verification (paper, section 2.3)."""

    experts: tuple[str, ...] = ("hallucination", "consistency", "tool_response")
    votes: int = Field(default=1, ge=1)
    near_duplicate: float = Field(default=0.9, gt=0, le=1)
    max_messages: int = Field(default=120, ge=2)
    max_characters: int = Field(default=200_000, ge=100)
    decontaminate: tuple[str, ...] = ()


class Export(Section):
    """Stage 4."""

    format: Literal["openai", "trl", "llamafactory", "swift", "hermes", "xlam", "toolace", "bfcl"] = "openai"
    out: str | None = None
    with_thinking: bool = False
    """The structured thinking before each answer and call, in <think> tags."""
    split: float = Field(default=0.0, ge=0, lt=1)
    """Share of the tools held out for evaluation; 0 writes everything into train.jsonl."""
    complexity: Literal["easy", "medium", "hard", "in-range"] | None = None
    """A third of the dialogs by the learner's loss, or those within its calibrated range."""
    without_kind: Literal["single", "parallel", "dependent", "none"] | None = None
    rows: int | None = Field(default=None, ge=1)
    """Training rows at most, drawn evenly from the whole; a smaller number takes a part of what a larger one takes."""
    diversity: Literal["low", "medium", "high"] | None = None
    """Dialogs whose called tools lie in 6, 14 or all of 30 clusters of the pool."""
    verification: Literal["none", "rules", "both"] = "both"
    """What the rows have passed: nothing, the rules, or the rules and the experts."""
    call_text: dict[Literal["python", "json"], float] = {"python": 1.0}
    """Shares of the ways to write calls (toolace format)."""
    system_prompt: dict[Literal["toolace", "plain", "short", "sections"], float] = {"toolace": 1.0}
    """Shares of the wordings of the system prompt (toolace format)."""
    parquet: bool = False
    """A Parquet file beside each JSONL file; needs pyarrow."""

    @field_validator("call_text", "system_prompt")
    @classmethod
    def _has_a_share(cls, value: dict[str, float]) -> dict[str, float]:
        if min(value.values(), default=0) < 0 or not sum(value.values()) > 0:
            raise ValueError("expected shares of at least 0, one of them above 0")
        return value


class Run(Section):
    """How the work is done. Nothing here changes what comes out."""

    concurrency: int = Field(default=16, ge=1)
    """Attempts that run at once; on a cluster, on each node."""
    processes: int = Field(default=0, ge=0)
    """Worker processes for the simulator; 0 means one a core. On a cluster, those of each node."""
    executor: Literal["local", "ray"] = "local"
    ray_address: str = "auto"
    """Of the Ray cluster; `auto` is the one that RAY_ADDRESS names, or that runs on this machine."""
    shard_size: int = Field(default=1000, ge=1)
    max_cost: float | None = Field(default=None, ge=0)


class Config(Section):
    """Everything a run depends on."""

    seed: int = 0
    language: str = "en"
    prompts_dir: str | None = None
    backend: Backend = Backend()
    synth_apis: SynthApis = SynthApis()
    gen_dialogs: GenDialogs = GenDialogs()
    complexity: ComplexitySection = ComplexitySection()
    verify: Verify = Verify()
    export: Export = Export()
    run: Run = Run()
