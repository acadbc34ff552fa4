"""Gold and predicted codings -> EvaluationReport."""
