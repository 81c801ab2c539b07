"""Counts the words of a text."""

from collections import Counter
import re

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?", re.UNICODE)


def count_words(text, limit=10):
    """The most frequent words of a text, as (word, count), most frequent first, ties in alphabetical order."""
    counts = Counter(word.lower() for word in _WORD.findall(text))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
