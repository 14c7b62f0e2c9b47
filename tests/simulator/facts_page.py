"""`docs/simulator-facts.md`: what the simulator's tests claim of ServiceNow, and how surely."""

import importlib
from pathlib import Path

from tests.simulator.facts import FACTS, Fact

TESTS = Path(__file__).parents[1]
_FOLDERS = ("simulator", "foreign_clients")
_SURENESS = {
    "D": "documented by ServiceNow",
    "KB": "from one of its support articles",
    "M": "measured on a real instance by somebody who published it",
    "C": "relied on by a client, or by tests that its authors run against real instances",
    "R": "recalled or inferred: nobody here has seen it documented or measured",
}
_OPENING = """# What the simulator claims of ServiceNow

Every sentence here is shown by a test, and says how sure it is. Written by `make snapshots`; the
sentences stand in the tests under `tests/simulator`.

"""


def facts_page() -> str:
    """The page, with the surest facts first in each part of the simulator."""
    _collect()
    parts = sorted({_part(fact) for fact in FACTS})
    told = "".join(f"- **{letter}**: {meaning}\n" for letter, meaning in _SURENESS.items())
    return _OPENING + told + "".join(_section(part) for part in parts)


def unverified() -> list[str]:
    """The sentences that are only recalled or inferred."""
    _collect()
    return sorted({fact.sentence for fact in FACTS if _letter(fact) == "R"})


def _letter(fact: Fact) -> str:
    """Its tag without the source, which follows after a space or a comma."""
    return fact.tag.split()[0].rstrip(",")


def _collect() -> None:
    """Import every test module, which is when facts are told."""
    for folder in _FOLDERS:
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            relative = path.relative_to(TESTS.parent).with_suffix("")
            importlib.import_module(".".join(relative.parts))


def _section(part: str) -> str:
    letters = list(_SURENESS)
    facts = sorted(
        {
            (letters.index(_letter(fact)), fact.sentence, fact.tag)
            for fact in FACTS
            if _part(fact) == part
        }
    )
    lines = "".join(f"| {_cell(sentence)} | {_cell(tag)} |\n" for _, sentence, tag in facts)
    return f"\n## {part}\n\n| fact | source |\n| --- | --- |\n{lines}"


def _part(fact: Fact) -> str:
    """The part of the simulator a test is about, from the name of its module."""
    module = fact.test.split(".")
    name = module[2] if module[2] != "areas" else module[3]
    words = name.removeprefix("test_").split("_")
    return _PARTS.get(words[0], words[0].capitalize())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_PARTS = {
    word: part
    for part, words in {
        "Table API": "table tables ways tiny document views unknown choices",
        "Queries": "query",
        "Signing in and OAuth": "oauth authentication who guests pages sign credentials",
        "Rules, rights and records": "access added auditing behaviour field journals rule written",
        "Limits and faults": "limits fault faults",
        "Whole journeys": "journeys",
        "CMDB": "cmdb",
        "Service levels": "service",
        "Update sets": "update",
    }.items()
    for word in words.split()
}
