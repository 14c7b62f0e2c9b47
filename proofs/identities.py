"""Nobody acts as somebody else: not by naming them, and not by looking like them.

Trees of arguments with every alias of an identity go through all tools, and every body that then
reaches the instance is looked at; people sign in who share e-mail address, user name or even sys_id
with somebody known here. `python -m proofs.identities` runs it alone, in full.
"""

from collections.abc import Iterable
from typing import Any

from proofs.alone import print_measured
from proofs.in_one_process import counted_inside
from proofs.measured import Measured, Scale


def prove(scale: Scale) -> Iterable[Measured]:
    """Run the trees, then the sign-ins."""
    trees = scale.pick(full=10_000, short=1_000)
    sign_ins = scale.pick(full=500, short=20)
    came = counted_inside("proofs.claimed_identities", str(trees), str(sign_ins))
    yield _of_trees(came["trees"], trees=trees)
    yield from _of_sign_ins(came["sign_ins"], sign_ins=sign_ins)


def _of_trees(came: dict[str, Any], *, trees: int) -> Measured:
    foreign, wrote = came["foreign"], came["wrote"]
    total = came["refused"] + came["ran"]
    return Measured(
        goal="G16",
        what=f"bodies sent to the instance that carry somebody else's identity, of {trees:,} trees"
        " of arguments with aliases of caller, requester and the like",
        promised="0",
        reached=f"{len(foreign)} of {wrote:,} sent; {came['ran']:,} trees ran,"
        f" {came['refused']:,} were refused before {foreign[:1] or ''}".strip(),
        holds=not foreign and total == trees and wrote > trees / 500,
    )


def _of_sign_ins(came: dict[str, Any], *, sign_ins: int) -> Iterable[Measured]:
    linked = came["linked"]
    yield Measured(
        goal="G16",
        what="first sign-ins with somebody's e-mail address, user name, operator's name, or sys_id"
        " on another instance, that became that person or anybody known before",
        promised=f"0 of {sign_ins:,}",
        reached=f"{len(linked)} of {came['signed_in']:,} {', '.join(sorted(set(linked)))}".strip(),
        holds=not linked and came["tried"] == came["signed_in"] == sign_ins,
    )
    yield Measured(
        goal="G16",
        what="people whose user name and e-mail address changed and who were known again",
        promised="all",
        reached=f"{came['known_again']:,} of {came['renamed']:,}",
        holds=came["known_again"] == came["renamed"] > 0,
    )


if __name__ == "__main__":
    print_measured(prove)
