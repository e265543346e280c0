"""Measures a trained model: heard error on held-out sounds, health of the latent space, macros."""
