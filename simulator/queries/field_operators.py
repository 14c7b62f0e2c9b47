"""Operators that compare one field of a record with another one of the same record."""

from collections.abc import Callable

from simulator.queries.dates import same_unit_sql, unit_seconds

_Comparison = Callable[[str, str, str], str | None]


def _same(left: str, right: str, unit: str) -> str | None:
    if not unit:
        return f"coalesce({left}, '') = coalesce({right}, '')"
    first, second = same_unit_sql(left, unit), same_unit_sql(right, unit)
    if first is None or second is None:
        return None
    return f"({left} <> '' AND {right} <> '' AND {first} = {second})"


def _not_same(left: str, right: str, unit: str) -> str | None:
    same = _same(left, right, unit)
    return None if same is None else f"NOT ({same})"


def _numeric(comparison: str) -> _Comparison:
    def compare(left: str, right: str, _: str) -> str | None:
        return (
            f"({left} <> '' AND {right} <> ''"
            f" AND CAST({left} AS REAL) {comparison} CAST({right} AS REAL))"
        )

    return compare


def _distance(comparison: str) -> _Comparison:
    """`sla_dueMORETHANactivity_due@day@before@1`: more than a day before the other field."""

    def compare(left: str, right: str, rest: str) -> str | None:
        parts = rest.split("@")
        if len(parts) != 3 or not parts[2].isdecimal():
            return None
        unit, direction, amount = parts
        seconds = unit_seconds(unit)
        if seconds is None or direction not in ("before", "after"):
            return None
        earlier, later = (left, right) if direction == "before" else (right, left)
        gap = f"(strftime('%s', {later}) - strftime('%s', {earlier}))"
        present = f"{left} <> '' AND {right} <> ''"
        return f"({present} AND {gap} >= 0 AND {gap} {comparison} {seconds * int(amount)})"

    return compare


FIELD_OPERATORS: dict[str, _Comparison] = {
    "SAMEAS": _same,
    "NSAMEAS": _not_same,
    "GT_FIELD": _numeric(">"),
    "LT_FIELD": _numeric("<"),
    "GT_OR_EQUALS_FIELD": _numeric(">="),
    "LT_OR_EQUALS_FIELD": _numeric("<="),
    "MORETHAN": _distance(">"),
    "LESSTHAN": _distance("<"),
}
