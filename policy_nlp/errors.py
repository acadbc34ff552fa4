"""Every exception of policy-nlp, one tree on one page.

A message says what was found, where, what was expected and what to do; the same values are
attributes. `PolicyNlpError` ends a command with exit code 1.
"""

from __future__ import annotations


class PolicyNlpError(Exception):
    """Bad input: the root of every error a user can mend.

    Args:
        message: what was found, where, what was expected, what to do.
        place: the same values for machines (`path`, `line`, `code_id`, ...), kept in `place`.
    """

    def __init__(self, message: str, **place: object) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class SettingsError(PolicyNlpError):
    """A TOML file or a flag holds a key or a value that is not known."""


class CodebookError(PolicyNlpError):
    """A codebook file breaks a rule: unknown parent, duplicate id, empty definition."""


class UnknownCodeError(PolicyNlpError):
    """A code id is not in the codebook."""


class DocumentError(PolicyNlpError):
    """One input document cannot be read; the run skips it with this reason."""


class EncodingError(DocumentError):
    """Bytes are no text in any encoding that is tried."""


class NoTextError(DocumentError):
    """A document holds no text (a scan, an empty file)."""


class MissingProgramError(DocumentError):
    """A document needs a program that is not on this machine (LibreOffice)."""


class TableError(PolicyNlpError):
    """A table file cannot be read or written."""


class MissingColumnError(TableError):
    """A table has no column of the wanted name."""


class GoldError(PolicyNlpError):
    """A gold or coder file breaks its form."""


class ExchangeError(PolicyNlpError):
    """A project, codebook or coding sheet of another tool cannot be read or written."""


class TooFewCodersError(PolicyNlpError):
    """A measure of agreement needs units that two coders coded."""


class TooFewDocumentsError(PolicyNlpError):
    """An analysis over documents needs more of them, or units that name their documents."""


class DistanceError(PolicyNlpError):
    """Distances, weights or values of codes do not fit the measure of agreement, or a tree has a circle."""


class PlanningError(PolicyNlpError):
    """A plan of how much to double-code asks for what cannot be."""


class OverlappingCodesError(PolicyNlpError):
    """A measure of agreement needs codes that exclude each other on every character of a coder."""


class ModelError(PolicyNlpError):
    """A model folder is missing, incomplete or does not fit the codebook."""


class EncoderError(PolicyNlpError):
    """A base encoder cannot be had or is damaged."""


class OutputError(PolicyNlpError):
    """Output exists already, belongs to other settings, or cannot be written."""


class MissingExtraError(PolicyNlpError):
    """An optional package is not installed; the message holds the pip command."""


class CorpusError(PolicyNlpError):
    """Coded documents do not hold what an analysis needs: groups, dates, words."""


class ReviewError(PolicyNlpError):
    """A review cannot be opened, or a decision does not fit its unit."""
