"""Columns of the scores tables that pooled metrics are computed from; apart, for evaluate writes them and computes nothing of it.

The first is a name, the others are what names begin with.
"""

LABEL = "label"
"""Number of the true class."""
PROBABILITY = "probability_"
"""probability_0, probability_1, ...: of each class."""
INTERSECTION, UNION = "intersection_", "union_"
"""intersection_0, union_0, ...: pixels of each class in truth and prediction, and in either."""
V_RAND, V_INFO = "v_rand_", "v_info_"
"""v_rand_0.1, v_info_0.1, ...: the score at each threshold."""
