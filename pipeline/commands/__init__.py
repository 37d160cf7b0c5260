"""Commands that are no step of the workflow: they set up, bring back or use what it made."""
