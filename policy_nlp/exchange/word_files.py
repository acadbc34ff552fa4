"""Lists of words that users bring, in any Chinese encoding: dictionaries, stop words, synonyms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.analysis.words import DictionaryWord, is_one_word
from policy_nlp.errors import ExchangeError
from policy_nlp.reading import read_segment
from policy_nlp.tables.text_source import open_text_source

_SAME = "="
_MOST_FIELDS = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds something; numbers count from 1."""

    path: Path
    number: int
    text: str

    def error(self, found: str, mend: str) -> ExchangeError:
        """The error that names this line."""
        return ExchangeError(f"{self.path}:{self.number}: {found}. {mend}", path=self.path, line=self.number)

    def word(self, text: str) -> str:
        """A word in simplified characters, as texts are cut."""
        word = read_segment(text.strip()).text
        if not is_one_word(word):
            raise self.error(
                f"{text.strip()!r} is no word: it is empty, or holds blanks or marks",
                "Words have characters, letters and digits only.",
            )
        return word


def read_dictionary(path: Path) -> tuple[DictionaryWord, ...]:
    """The words of a dictionary: one a line, or the form of jieba, `word [count] [part of speech]`.

    Raises:
        ExchangeError: a line has another form; the message starts with `file:line:`.
        TableError: the file is no text.
    """
    words: dict[str, DictionaryWord] = {}
    for line in _iter_lines(path):
        word = _dictionary_word(line)
        words[word.text] = word
    return tuple(words.values())


def read_stop_words(path: Path) -> frozenset[str]:
    """The words of a list, one or more a line.

    Raises:
        ExchangeError: the file cannot be opened.
        TableError: the file is no text.
    """
    return frozenset(read_segment(word).text for line in _iter_lines(path) for word in line.text.split())


def read_synonyms(path: Path) -> Mapping[str, str]:
    """A word -> the word it is counted as, from lines `创新联合体=创新共同体`: the first is counted.

    Raises:
        ExchangeError: a line has another form, or a word is counted as two; the message names the line.
        TableError: the file is no text.
    """
    names: dict[str, str] = {}
    for line in _iter_lines(path):
        parts = [line.word(part) for part in line.text.replace("＝", _SAME).split(_SAME)]
        if len(parts) == 1:
            raise line.error(f"{line.text!r} has no `=`", "Write: 创新联合体=创新共同体.")
        for word in parts[1:]:
            if names.setdefault(word, parts[0]) != parts[0]:
                raise line.error(
                    f"{word!r} is counted as {names[word]!r} already, and as {parts[0]!r} here", "Keep one."
                )
        if parts[0] in names:
            raise line.error(f"{parts[0]!r} is itself counted as {names[parts[0]]!r}", "Name that one.")
    for word, name in names.items():
        if name in names:
            raise ExchangeError(
                f"{path}: {word!r} is counted as {name!r}, and that as {names[name]!r}. Put all on one line.",
                path=path,
            )
    return {word: name for word, name in names.items() if word != name}


def _dictionary_word(line: _Line) -> DictionaryWord:
    fields = line.text.split()
    if len(fields) > _MOST_FIELDS:
        raise line.error(
            f"{len(fields)} parts were found, {line.text!r}", "Expected: word, or word count part-of-speech."
        )
    word = line.word(fields[0])
    count = next((int(field) for field in fields[1:2] if field.isdecimal()), None)
    rest = fields[1:] if count is None else fields[2:]
    if len(rest) > 1 or any(not (tag.isascii() and tag.isalpha()) for tag in rest):
        raise line.error(
            f"behind the word stands {' '.join(fields[1:])!r}",
            "Expected a count (a whole number), then a part of speech (letters), or nothing.",
        )
    return DictionaryWord(word, count, rest[0] if rest else "")


def _iter_lines(path: Path) -> Iterator[_Line]:
    """The lines that are not empty and no comment (`#`)."""
    try:
        source = open_text_source(path)
        for number, text in enumerate(source.iter_lines(), start=1):
            if text.strip() and not text.lstrip().startswith("#"):
                yield _Line(path, number, text.strip())
    except OSError as err:
        raise ExchangeError(
            f"{path}: the list of words cannot be read ({err.strerror}). Give the path of a text file.",
            path=path,
        ) from err
