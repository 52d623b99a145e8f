"""The frame of a page: its text with holes where blocks go, and how blocks get into it.

The template makes a page of samples, from which each look of a block is cut out, and the
page itself, in which the same text is found and taken away.  What stands in the holes can
then change without the template: blocks of other looks, more or fewer remarks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tracer.rendering.content import Block, Content, Group, Part, Section
from tracer.rendering.filling.blocks import Chunk
from tracer.rendering.filling.marks import Refused, ends, parts, place

Fill = Callable[[Content], str]
"""The page's template with this content put in."""


class Samples:
    """What blocks and remarks look like on a page, apart from the page.

    Args:
        fill: the page's template.
    """

    def __init__(self, fill: Fill) -> None:
        self.fill = fill
        self.before = self.after = ""
        """What all samples of blocks begin and end with."""
        self.remark: tuple[str, str] = "", ""
        """The text that a remark adds, and what it stands in."""

    def learn(self, blocks: Sequence[Block]) -> list[str]:
        """The texts of blocks, less what they and a group of none have in common."""
        groups = [Group("", blocks=(block,)) for block in blocks]
        texts = self._texts([*groups, Group(""), Group("", remarks=(place("R", 0),))])
        *texts, empty, self._remarked = texts
        self._empty = empty
        self.before, self.after = ends([*texts, empty])
        return [self._cut(text) for text in texts]

    def texts(self, blocks: Sequence[Block]) -> list[str]:
        """The texts of further blocks.

        Raises:
            Refused: where they begin or end in another way than those before.
        """
        return [
            self._cut(text)
            for text in self._texts([Group("", blocks=(block,)) for block in blocks])
        ]

    def _cut(self, text: str) -> str:
        before, after = self.before, self.after
        if not (text.startswith(before) and text[len(before) :].endswith(after)):
            raise Refused("a block begins or ends in an unknown way")
        return text[len(before) : len(text) - len(after)]

    def _texts(self, groups: Sequence[Group]) -> list[str]:
        """What stands between the beginnings of groups."""
        marked = [
            Group("", why=place("Z", number), blocks=group.blocks, remarks=group.remarks)
            for number, group in enumerate([*groups, Group("")])
        ]
        part = Part("forward", "x", (Section(1, "x", tuple(marked)),))
        text = self.fill(Content("x", parts=(part,)))
        found = []
        for number in range(len(groups)):
            start, stop = place("Z", number), place("Z", number + 1)
            if text.count(start) != 1:
                raise Refused("a sample does not stand once on its page")
            found.append(text[text.index(start) + len(start) : text.index(stop)])
        return found

    def remark_in(self, page: str, number: int) -> str:
        """The text that the remarks of a group, one place, add to a page.

        Raises:
            Refused: where it is not found.
        """
        mark, count = place("R", 0), len(self._remarked) - len(self._empty)
        at = self._remarked.index(mark)
        for start in range(max(0, at + len(mark) - count), at + 1):
            rest = self._remarked[:start] + self._remarked[start + count :]
            added = self._remarked[start : start + count].replace(mark, place("R", number))
            if rest == self._empty and page.count(added) == 1:
                return added
        raise Refused("a remark stands in an unknown way")


class Frame:
    """A page with holes instead of its blocks.

    Args:
        page: its text with all places, the blocks as in `blocks`.
        blocks: the text of each block, as on the page.
        remarks: the text of the remarks of each group, one place each.
        found: slots, by the digits of their marks.
        bases: where, among the values of a page, those of each sort of place begin.
    """

    def __init__(
        self,
        page: str,
        blocks: Sequence[str],
        remarks: Sequence[str],
        found: Mapping[str, int],
        bases: Mapping[str, int],
    ) -> None:
        for number, added in enumerate(remarks):
            page = page.replace(added, place("R", number))
        chunks, end = [], 0
        for block in blocks:
            start = page.find(block, end)
            if start < 0 or page.count(block) != 1:
                raise Refused("a block looks otherwise on its page")
            chunks.append(_chunk(page[end:start], found, bases))
            end = start + len(block)
        self.head, *self.after = [*chunks, _chunk(page[end:], found, bases)]


def _chunk(text: str, found: Mapping[str, int], bases: Mapping[str, int]) -> Chunk:
    literals, items = parts(text, found)
    entries = [bases[what] + number for what, number, _ in items]
    return Chunk(tuple(literals), (*entries, -1))
