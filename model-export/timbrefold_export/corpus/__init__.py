"""Labelled sounds to learn from: rendered from soundfonts, or a musician's own one-shots."""
