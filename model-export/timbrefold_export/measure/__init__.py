"""How sound and latents are measured."""
