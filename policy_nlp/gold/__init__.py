"""Gold and coder files <-> coded units: JSON Lines, and the long form `unit,coder,code`.

A list that is missing (or null) means that this coder did not code that level; an empty list means that
the coder looked and nothing applies. The two are never mixed.
"""

from policy_nlp.gold.folds import N_FOLDS, fold_of, units_of_fold
from policy_nlp.gold.units import match_units, read_coded_units, write_coded_units

__all__ = ["N_FOLDS", "fold_of", "match_units", "read_coded_units", "units_of_fold", "write_coded_units"]
