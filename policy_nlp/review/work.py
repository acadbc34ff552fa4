"""Arguments of a request -> who works, in which mode, on which queue; and back into addresses and forms.

They stand in the address and not in a cookie: two windows of one browser may belong to two coders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from policy_nlp.errors import ReviewError
from policy_nlp.review.records import Mode, Order, QueueOptions, Seat

_MOST_SAMPLE = 10_000_000


@dataclass(frozen=True, slots=True)
class Work:
    """A coder in a mode, with the queue that was chosen."""

    seat: Seat
    options: QueueOptions

    @property
    def arguments(self) -> dict[str, str]:
        """What an address or form must carry, so that `read_work` gives the same."""
        options = self.options
        found: dict[str, object] = {
            "coder": self.seat.coder_id,
            "mode": self.seat.mode,
            "order": options.order,
            "skip_headings": int(options.skip_headings),
            "only_coded": int(options.only_coded),
            "only_skipped": int(options.only_skipped),
            "sample": options.n_sample,
            "seed": options.seed,
            "document": options.document_id,
            "code": options.code_id,
        }
        return {key: str(value) for key, value in found.items() if value}


def read_work(arguments: Mapping[str, str]) -> Work:
    """The work that the arguments name.

    Raises:
        ReviewError: no coder, or a value that no page of ours sends.
    """
    coder = arguments.get("coder", "").strip()
    mode, order = arguments.get("mode", "blind"), arguments.get("order", "document")
    if not coder:
        raise ReviewError("no coder is named. Begin at the start page.")
    if mode not in get_args(Mode) or order not in get_args(Order):
        raise ReviewError(
            f"mode {mode[:20]!r} or order {order[:20]!r} is not known. Begin at the start page."
        )
    options = QueueOptions(
        order=cast(Order, order),
        skip_headings=arguments.get("skip_headings") == "1",
        only_coded=arguments.get("only_coded") == "1",
        n_sample=_whole(arguments.get("sample"), "sample"),
        seed=_whole(arguments.get("seed"), "seed") or 0,
        document_id=arguments.get("document") or None,
        code_id=arguments.get("code") or None,
        only_skipped=arguments.get("only_skipped") == "1",
    )
    return Work(Seat(coder, cast(Mode, mode)), options)


def _whole(text: str | None, name: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_SAMPLE:
        raise ReviewError(f"{name} {text[:20]!r} is no whole number up to {_MOST_SAMPLE:,}. Correct it.")
    return int(text) or None
