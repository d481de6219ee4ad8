"""The quote gate: no sentence is shown as a buyer's words unless it stands in the record."""

SHORTEST_QUOTE = 4
"""Characters; anything shorter («好的») is evidence of nothing."""


def stands_verbatim(quote: str, text: str | None) -> bool:
    """Return whether `quote` may be shown as evidence from a record holding `text`.

    It may when it is a verbatim, non-trivial part of the stored (masked) text. Nothing is
    normalised on purpose: a quote that needs normalising is not a quote.
    """
    return text is not None and len(quote.strip()) >= SHORTEST_QUOTE and quote in text
