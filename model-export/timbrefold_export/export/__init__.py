"""Makes bundles (*.timbre) of trained models."""
