"""Leaks between the subsets of a fold: found once over the data set, judged by each fold."""
