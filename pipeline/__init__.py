"""Foldwise: from a folder of labelled images to segmenters whose comparison can be believed."""
