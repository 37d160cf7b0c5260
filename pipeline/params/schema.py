"""The JSON Schema of params.yaml, from which editors complete keys and show their descriptions."""

import json
from pathlib import Path

from pipeline.params.experiment import Params

SCHEMA = Path(__file__).with_name("schema.json")


def describe_params() -> str:
    """The text of schema.json."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | Params.model_json_schema(), indent=2) + "\n"
