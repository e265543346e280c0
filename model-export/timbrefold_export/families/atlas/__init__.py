"""Atlas: a time-conditioned variational autoencoder of partials and noise."""
