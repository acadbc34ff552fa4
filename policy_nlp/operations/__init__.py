"""Settings in, results out: each module joins the stages above for one command."""
