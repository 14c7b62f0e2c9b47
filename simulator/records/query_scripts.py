"""The scripts of business rules that run before a query: what they add to it, and for whom.

No script is run. What such rules are made of is understood: conditions that ask for roles and for
an interactive session, statements that add conditions to the query. A script with anything else in
it is not understood at all.
"""

import re

from simulator.access.people import Person
from simulator.queries.parsing import literal

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_WRAPPER = re.compile(
    r"\(\s*function\s*\w*\s*\([^)]*\)\s*\{(?P<body>.*)\}\s*\)\s*\([^)]*\)\s*;?", re.DOTALL
)
_ONLY_IF = re.compile(
    r"if\s*\((?P<condition>[^{}]*?)\)\s*(?:\{(?P<body>[^{}]*)\}|(?P<one>current[^{}]*))"
)

_HAS_ROLE = re.compile(r"""(?P<no>!?)\s*gs\.hasRole\(\s*["'](?P<roles>[^"']*)["']\s*\)""")
# A call of a web service is no interactive session.
_INTERACTIVE = re.compile(r"(?P<no>!?)\s*gs\.(?:getSession\(\)\.)?isInteractive\(\)")

_TEXT = r"""(?:"[^"]*"|'[^']*'|gs\.getUserID\(\)|\w+)"""
_ARGUMENTS = rf"\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)?\s*\)"
_ADDED = re.compile(rf"\.?(\w+){_ARGUMENTS}")
_STATEMENT = re.compile(rf"(?:var\s+\w+\s*=\s*)?current((?:\.\w+{_ARGUMENTS})+)")
_ME = re.compile(r"var\s+(\w+)\s*=\s*gs\.getUserID\(\)")
_SAID = re.compile(r"gs\.(?:print|log|info|debug|addInfoMessage)\(.*\)")
_WITHOUT_ARGUMENT = {"addActiveQuery": "active=true"}
_OF_A_FIELD = {"addNullQuery": "ISEMPTY", "addNotNullQuery": "ISNOTEMPTY"}


def holds(condition: str, person: Person) -> bool | None:
    """Whether a condition holds for a person: what is joined by `&&`; None if not understood."""
    answers = [_asked(part.strip(), person) for part in condition.split("&&")]
    if None in answers:
        return None
    return all(answers)


def _asked(part: str, person: Person) -> bool | None:
    if not part or part == "true":
        return True
    roles = _HAS_ROLE.fullmatch(part)
    if roles:
        names = frozenset(name.strip() for name in roles["roles"].split(","))
        return person.has_any(names) != bool(roles["no"])
    interactive = _INTERACTIVE.fullmatch(part)
    return bool(interactive["no"]) if interactive else None


def added(script: str, person: Person) -> str | None:
    """What a script adds to a query of a person, encoded; None if it is not understood."""
    body = _COMMENT.sub("", script).strip()
    wrapped = _WRAPPER.fullmatch(body)
    body = wrapped["body"].strip() if wrapped else body
    only = _ONLY_IF.fullmatch(body)
    if only:
        holding = holds(only["condition"], person)
        if not holding:
            return None if holding is None else ""
        body = only["body"] if only["body"] is not None else only["one"]
    return _statements(body)


def _statements(body: str) -> str | None:
    found: list[str] = []
    mine: set[str] = set()
    for statement in (part.strip() for part in re.split(r"[;\n]", body)):
        me = _ME.fullmatch(statement)
        if me:
            mine.add(me[1])
        elif statement and not _SAID.fullmatch(statement):
            condition = _added(statement, mine)
            if condition is None:
                return None
            found.append(condition)
    return "^".join(one for one in found if one)


def _added(statement: str, mine: set[str]) -> str | None:
    """`current.addQuery(…).addOrCondition(…)` encoded."""
    whole = _STATEMENT.fullmatch(statement)
    if whole is None:
        return None
    encoded = ""
    for call in _ADDED.finditer(whole[1]):
        given = [_value(text, mine) for text in re.findall(_TEXT, call[2] or "")]
        condition = None if None in given else _condition(call[1], [str(one) for one in given])
        if condition is None:
            return None
        encoded = f"{encoded}^OR{condition}" if encoded else condition
    return encoded


def _value(text: str, mine: set[str]) -> str | None:
    if text[0] in "\"'":
        return text[1:-1]
    if text == "gs.getUserID()" or text in mine:
        return "javascript:gs.getUserID()"
    return text if text in ("true", "false") or text.isdecimal() else None


def _condition(function: str, given: list[str]) -> str | None:
    if function in _WITHOUT_ARGUMENT and not given:
        return _WITHOUT_ARGUMENT[function]
    if function in _OF_A_FIELD and len(given) == 1:
        return f"{given[0]}{_OF_A_FIELD[function]}"
    if function == "addEncodedQuery" and len(given) == 1:
        return given[0]
    if function in ("addQuery", "addOrCondition") and len(given) in (1, 2, 3):
        if len(given) == 1:
            return given[0]
        field, *operator, value = given
        return f"{field}{operator[0] if operator else '='}{literal(value)}"
    return None
