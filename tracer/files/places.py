"""From a path in a problem to its place in the file.

A `ProblemError` says where it happened as a path such as ``("layers", 1, "weights")``;
the tree of the file knows line and column.  Used by the reader and, through
`tracer.files.problem.ProblemFile.locate`, by whoever meets a late error.
"""

from __future__ import annotations

from tracer.files.faults import Place, Source
from tracer.files.positions import Items, Pairs, Scalar, Tree

Path = tuple[str | int, ...]


def subtree(tree: Tree, path: Path) -> Tree:
    """What stands at the path, or as near to it as the tree goes."""
    return _walk(tree, path)[0]


def keys_written(tree: Tree) -> set[str]:
    """The keys of a table, whether what they hold could be read or not."""
    return {key.text for key, _ in tree.pairs} if isinstance(tree, Pairs) else set()


def place_of(tree: Tree, path: Path, source: Source) -> Place:
    """The place of what stands at the path, or as near to it as the tree goes.

    Behind a text, two more numbers mean a column in it (from 0) and a length.

    >>> from tracer.files.positions import read_tree, source_of
    >>> source = source_of("mine.yaml", "layers:\\n  - units: 2")
    >>> place_of(read_tree(source), ("layers", 0, "units"), source)
    Place(line=2, column=12, length=1)
    """
    found, rest = _walk(tree, path)
    if isinstance(found, Scalar) and rest and all(isinstance(part, int) for part in rest):
        column, length = (*rest, 1)[:2]
        return inside(found, int(column), int(length), source)
    return Place(1, 1) if found is tree and not path else found.place


def key_place(tree: Tree, path: Path, source: Source) -> Place:
    """The place of the key under which the last part of the path stands."""
    above = subtree(tree, path[:-1])
    key = above.key(str(path[-1])) if isinstance(above, Pairs) else None
    return key.place if key else place_of(tree, path, source)


def inside(text: Scalar, column: int, length: int, source: Source) -> Place:
    """The place of some characters of a text; of all of it where that cannot be told.

    A text in quotes with escapes, or over several lines, does not stand in the file as
    it reads.
    """
    start = text.place.column - 1 + (0 if text.plain else 1)
    written = source.line(text.place.line)[start : start + len(text.text)]
    if written != text.text:
        return text.place
    return Place(text.place.line, start + 1 + column, max(length, 1))


def _walk(tree: Tree, path: Path) -> tuple[Tree, Path]:
    """The nearest part of the tree, and what of the path is left."""
    for position, part in enumerate(path):
        rest = path[position:]
        match tree, part:
            case Pairs(), str():
                below = tree.get(part)
                if below is None and len(tree.pairs) == 1:
                    # optimizer: {gradient_descent: {rate: ...}} is ("optimizer", "rate")
                    only = tree.pairs[0][1]
                    below = only.get(part) if isinstance(only, Pairs) else None
                if below is None:
                    return tree, rest
                tree = below
            case Items(items), int():
                if position == 1 and path[0] in ("inputs", "targets") and _flat(tree):
                    continue  # the numbers of the only sample, not in a row of their own
                if not 0 <= part < len(items):
                    return tree, rest
                tree = items[part]
            case _:
                return tree, rest
    return tree, ()


def _flat(tree: Items) -> bool:
    return all(isinstance(item, Scalar) for item in tree.items)
