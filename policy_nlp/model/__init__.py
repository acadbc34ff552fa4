"""Batch -> Logits -> Scores: the encoder, its head, training, calibration and thresholds."""
