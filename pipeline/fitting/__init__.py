"""Fitting of Keras networks: budget, schedule, validation, early stopping, checkpoints; and prediction by tiles."""
