"""Mechanical mends of a data set, made in a copy: what changes no meaning is done and said, all else is left and named."""
