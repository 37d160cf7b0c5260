"""Intervals and tests over the score table: which model is better, how sure that is, and what each took."""

from pipeline.comparison.conclusion import Conclusion, conclude
from pipeline.comparison.costs import summarise_costs
from pipeline.comparison.policies import apply_policy
from pipeline.comparison.policy_means import summarise_policies
from pipeline.comparison.table import Comparison, compare_models, summarise_models
from pipeline.comparison.verdict import build_verdict

__all__ = [
    "Comparison",
    "Conclusion",
    "apply_policy",
    "build_verdict",
    "compare_models",
    "conclude",
    "summarise_costs",
    "summarise_models",
    "summarise_policies",
]
