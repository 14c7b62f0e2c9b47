"""How far a ledger is sealed, and which lower ids are still missing.

Ids are handed out before rows are committed, so a row may appear after one with a higher id. Each
seal therefore notes the ids below its frontier that nobody has seen. A row that appears in such a
gap is sealed late; after `PATIENCE` the gap is closed, and what appears in it was inserted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

# A commit may wait for hours for a standby that is away; nothing known waits for a day.
PATIENCE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """Ids from `first` to `last` that nobody had seen at `noticed` (seconds since 1970)."""

    first: int
    last: int
    noticed: int


@dataclass(frozen=True)
class Standing:
    """Where one ledger stands: its highest sealed id, how many rows, and its open gaps."""

    frontier: int = 0
    rows: int = 0
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def told_by(cls, facts: Any) -> Self:  # noqa: ANN401  # JSON
        """Read what `as_json` wrote. Raises ValueError or TypeError for anything else."""
        try:
            gaps = tuple(Gap(*map(int, each)) for each in facts["gaps"])
            return cls(int(facts["frontier"]), int(facts["rows"]), gaps)
        except (KeyError, AttributeError) as fault:
            raise ValueError("not the standing of a ledger") from fault

    def as_json(self) -> dict[str, Any]:
        """Return this for a seal's facts."""
        gaps = [[each.first, each.last, each.noticed] for each in self.gaps]
        return {"frontier": self.frontier, "rows": self.rows, "gaps": gaps}

    def is_open(self, row_id: int) -> bool:
        """Whether a row with this id may still come."""
        return any(gap.first <= row_id <= gap.last for gap in self.gaps)

    def after(self, *, late: Sequence[int], new: Sequence[int], now: datetime) -> Self:
        """Return the standing once these ids are sealed: `late` ones in gaps, `new` ones above.

        Both are in ascending order.
        """
        seconds = int(now.timestamp())
        oldest = seconds - int(PATIENCE.total_seconds())
        kept = [gap for gap in _without(self.gaps, late) if gap.noticed >= oldest]
        kept += _between(self.frontier, new, noticed=seconds)
        frontier = new[-1] if new else self.frontier
        return type(self)(frontier, self.rows + len(late) + len(new), tuple(kept))


def _without(gaps: Iterable[Gap], ids: Sequence[int]) -> list[Gap]:
    left: list[Gap] = []
    for gap in gaps:
        first = gap.first
        for row_id in ids:
            if first <= row_id <= gap.last:
                if first < row_id:
                    left.append(Gap(first, row_id - 1, gap.noticed))
                first = row_id + 1
        if first <= gap.last:
            left.append(Gap(first, gap.last, gap.noticed))
    return left


def _between(frontier: int, ids: Sequence[int], *, noticed: int) -> list[Gap]:
    if not ids or ids[-1] - frontier == len(ids):
        return []
    starts = [frontier, *ids[:-1]]
    return [
        Gap(low + 1, high - 1, noticed)
        for low, high in zip(starts, ids, strict=True)
        if high - low > 1
    ]
