"""Files and arrays, no learning: manifest, images, prepared store, splits, predictions."""
