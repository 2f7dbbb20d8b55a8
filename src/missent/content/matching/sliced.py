"""Where to look in a large text: slice by slice, each pattern told once a slice.

In thirty megabytes of numbers a match could end at every character, of several patterns: to be told of each end takes half a
minute and gigabytes. Told once a slice, it takes the time of the scan; the windows are coarser, which only such texts notice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from missent.content.matching.pattern import AHEAD, WIDEST
from missent.content.matching.windows import Window, merged

SLICE = 2_048
"""Characters of a slice, its surroundings apart."""

Reach = Sequence[tuple[int, int]]
"""By a pattern's number: characters before and after a match's end that its window holds."""


def windows(octets: bytes, scan: Callable[[bytes], Sequence[int]], reach: Reach) -> Iterator[tuple[int, Sequence[Window]]]:
    """See `windows.Engine`. `scan` tells the numbers of the patterns that could match somewhere in what it is given.

    A slice is scanned with so much before it that it holds the whole of each match that ends in it, and with so much after it
    that the end of what is scanned is never taken for the text's.
    """
    stretches: Mapping[int, list[Window]] = defaultdict(list)
    for start in range(0, len(octets), SLICE):
        end = start + SLICE
        for number in scan(octets[max(0, start - WIDEST - 1) : end + AHEAD]):
            before, after = reach[number]
            stretches[number].append((start - before, end + after))
    for number, found in stretches.items():
        yield number, merged(found, len(octets))
