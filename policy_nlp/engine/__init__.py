"""Sentences -> decisions: plan batches, tokenise, run the encoder, put every row back in its place."""
