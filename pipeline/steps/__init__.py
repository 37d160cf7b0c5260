"""The story: one file a step, named as its function, its command and its rule."""
