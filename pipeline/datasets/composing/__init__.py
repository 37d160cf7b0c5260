"""Composites of backgrounds and cut-outs with alpha: found, placed, kept as their parts, and drawn when asked for."""
