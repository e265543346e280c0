"""Model families: each learns to decode latents into frames."""
