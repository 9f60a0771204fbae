"""The style of real APIs, measured once with `StyleFigures` over every operation imported, to set a pool beside."""

from __future__ import annotations

from typing import Final

from toolace.tables import Cell, Share

REAL: Final[dict[str, dict[str, Cell]]] = {
    "Google discovery": {
        "definitions": 13808,
        "names: dotted": Share(1.0),
        "names: kebab-case": Share(0.0),
        "names: snake_case": Share(0.0),
        "names: camelCase": Share(0.0),
        "names: PascalCase": Share(0.0),
        "names: one word": Share(0.0),
        "names: mixed": Share(0.0),
        "names that begin with a verb": Share(0.085),
        "description: imperative": Share(0.094),
        "description: third person": Share(0.836),
        "description: use this …": Share(0.002),
        "description: statement": Share(0.067),
        "description, words (10th percentile)": 3,
        "description, words (median)": 10,
        "description, words (90th percentile)": 54,
        "order: required first": Share(0.844),
        "order: alphabetical": Share(0.118),
        "order: otherwise": Share(0.038),
        "parameters a definition": 4.546,
        "parameters that are optional": Share(0.902),
        "definitions with optional parameters": Share(0.696),
        "parameters with constraints": Share(0.161),
        "definitions with nested parameters": Share(0.238),
    },
    "botocore": {
        "definitions": 19776,
        "names: dotted": Share(0.213),
        "names: kebab-case": Share(0.0),
        "names: snake_case": Share(0.0),
        "names: camelCase": Share(0.0),
        "names: PascalCase": Share(0.779),
        "names: one word": Share(0.0),
        "names: mixed": Share(0.008),
        "names that begin with a verb": Share(0.723),
        "description: imperative": Share(0.068),
        "description: third person": Share(0.832),
        "description: use this …": Share(0.003),
        "description: statement": Share(0.097),
        "description, words (10th percentile)": 6,
        "description, words (median)": 20,
        "description, words (90th percentile)": 81,
        "order: required first": Share(0.424),
        "order: alphabetical": Share(0.174),
        "order: otherwise": Share(0.402),
        "parameters a definition": 3.535,
        "parameters that are optional": Share(0.644),
        "definitions with optional parameters": Share(0.583),
        "parameters with constraints": Share(0.567),
        "definitions with nested parameters": Share(0.279),
    },
}
"""Of google-api-python-client 2.202.0 and botocore 1.44.5. A name that services share has its service before it, dotted."""
