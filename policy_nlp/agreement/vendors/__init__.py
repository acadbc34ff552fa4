"""What NVivo, MAXQDA, ATLAS.ti and INCEpTION would print for the same codings, as far as they document it."""
