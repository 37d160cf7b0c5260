"""Write the JSON Schema of params.yaml."""

import logging

from pipeline.params.schema import SCHEMA, describe_params

logger = logging.getLogger(__name__)


def schema() -> None:
    """Write the JSON Schema of params.yaml, after the parameters' classes were changed."""
    SCHEMA.write_text(describe_params())
    logger.info("%s is up to date", SCHEMA)
