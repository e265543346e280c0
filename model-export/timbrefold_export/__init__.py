"""Timbrefold's training side: corpus, features, training, evaluation and export of sound models."""
