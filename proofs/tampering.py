# a tamperer writes SQL of constants and numbers of its own
"""Ways in which a superuser of the database could tamper with the audit log."""

import base64
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from audit_app.canonical import CALLS, LEDGERS, Ledger, identities, packed, rows_between
from audit_app.erasure import EMPTY
from audit_app.sealing import standing_facts
from audit_app.seals import BEGINNING, Kind, Seal

_SEALS: Final = "audit_app_seal"
_TIMES: Final = frozenset({"opened_at", "recorded_at"})
_NUMBERS: Final = frozenset(
    {
        "user_id",
        "connection_id",
        "instance_id",
        "call_id",
        "upstream_status",
        "duration_ms",
        "answer_bytes",
    }
)


@dataclass
class Hand:
    """Somebody at work: chance decides.

    `row` tells which single row was touched, `forged` that the whole chain was made to fit.
    """

    chance: random.Random
    row: tuple[str, int] | None = None
    forged: bool = False

    def ledger(self) -> Ledger:
        """Return one of the ledgers."""
        return self.chance.choice(LEDGERS)

    def some_id(self, ledger: Ledger) -> int:
        """Return the id of some row."""
        return self.chance.choice(self.ids(ledger))

    def ids(self, ledger: Ledger) -> list[int]:
        """Return all ids, in order."""
        return [row[0] for row in self.asked(f"SELECT id FROM {ledger.table} ORDER BY id")]

    def does(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)

    def asked(self, question: str) -> list[Any]:
        """Return the rows of an answer."""
        with connection.cursor() as cursor:
            cursor.execute(question)
            return list(cursor.fetchall())


def edits_a_cell(hand: Hand) -> None:
    """One column of one row."""
    ledger = hand.ledger()
    row_id, column = hand.some_id(ledger), hand.chance.choice(ledger.columns[1:])
    hand.row = (ledger.name, row_id)
    hand.does(f"UPDATE {ledger.table} SET {column} = {_otherwise(column)} WHERE id = {row_id}")


def deletes_a_row(hand: Hand) -> None:
    """One row, wherever it stands."""
    ledger = hand.ledger()
    hand.row = (ledger.name, hand.some_id(ledger))
    hand.does(f"DELETE FROM {ledger.table} WHERE id = {hand.row[1]}")


def deletes_a_range(hand: Hand) -> None:
    """Rows that follow one another."""
    ledger = hand.ledger()
    first = hand.some_id(ledger)
    last = first + hand.chance.randint(0, 40)
    hand.does(f"DELETE FROM {ledger.table} WHERE id BETWEEN {first} AND {last}")


def inserts_where_an_id_is_free(hand: Hand) -> None:
    """A row with an id that was skipped, or one below the first."""
    ledger = hand.ledger()
    ids = hand.ids(ledger)
    # The last one was skipped less than a day ago: a real row could still come there.
    free = [each for each in range(-3, ids[-1] - 30) if each not in set(ids)]
    _copied(hand, ledger, hand.chance.choice(free))


def inserts_an_old_row_at_the_end(hand: Hand) -> None:
    """A row that claims to be days old, with the next id."""
    ledger = hand.ledger()
    _copied(hand, ledger, hand.ids(ledger)[-1] + hand.chance.randint(2, 9))


def exchanges_two_rows(hand: Hand) -> None:
    """Two rows change their ids, and so their order."""
    ledger = hand.ledger()
    one, other = hand.chance.sample(hand.ids(ledger), 2)
    hand.row = (ledger.name, one)
    for old, new in ((one, 10**9), (other, one), (10**9, other)):
        hand.does(f"UPDATE {ledger.table} SET id = {new} WHERE id = {old}")


def moves_a_row(hand: Hand) -> None:
    """One row gets another id."""
    ledger = hand.ledger()
    row_id = hand.some_id(ledger)
    hand.row = (ledger.name, row_id)
    hand.does(f"UPDATE {ledger.table} SET id = {10**6 + row_id} WHERE id = {row_id}")


def cuts_off_the_end(hand: Hand) -> None:
    """The last seals go with all their rows, as if they had never been."""
    keep = hand.chance.randint(0, _last_seal(hand) - 1)
    _only_up_to(hand, keep)
    hand.does(f"DELETE FROM {_SEALS} WHERE number > {keep}")


def cuts_off_rows_alone(hand: Hand) -> None:
    """The last rows go; the seals stay."""
    ledger = hand.ledger()
    hand.does(f"DELETE FROM {ledger.table} WHERE id >= {hand.some_id(ledger)}")


def cuts_off_seals_alone(hand: Hand) -> None:
    """The last seals go; the rows stay."""
    hand.does(f"DELETE FROM {_SEALS} WHERE number > {hand.chance.randint(0, _last_seal(hand) - 1)}")


def deletes_a_seal(hand: Hand) -> None:
    """One seal goes, the last one too."""
    hand.does(f"DELETE FROM {_SEALS} WHERE number = {_some_seal(hand)}")


def deletes_the_beginning(hand: Hand) -> None:
    """The first seals go with their rows, as retention would do it, but no mark says so."""
    deletes_through(hand, Seal.objects.get(number=hand.chance.randint(1, _last_seal(hand) - 1)))


def deletes_through(hand: Hand, last: Seal) -> None:
    """Delete everything up to a seal."""
    stands = last.told()["ledgers"]
    for ledger in LEDGERS:
        frontier = stands[ledger.name]["frontier"]
        hand.does(f"DELETE FROM {ledger.table} WHERE id <= {frontier}")
    hand.does(f"DELETE FROM {_SEALS} WHERE number <= {last.number}")


def edits_a_seal(hand: Hand) -> None:
    """One column of one seal."""
    changes = (
        "sealed_at = sealed_at + interval '1 second'",
        "facts = replace(facts, '1', '2')",
        "calls = set_byte(calls, 9, 1 - get_byte(calls, 9) % 2)",
        "outcomes = ''",
        "kind = 'retention'",
        "form = 'other 1'",
        "previous = repeat('f', 64)",
        "digest = repeat('f', 64)",
    )
    hand.does(
        f"UPDATE {_SEALS} SET {hand.chance.choice(changes)} WHERE number = {_some_seal(hand)}"
    )


def exchanges_two_seals(hand: Hand) -> None:
    """Two seals change places."""
    one, other = hand.chance.sample(range(1, _last_seal(hand) + 1), 2)
    for old, new in ((one, 10**9), (other, one), (10**9, other)):
        hand.does(f"UPDATE {_SEALS} SET number = {new} WHERE number = {old}")


def edits_a_row_and_its_seal(hand: Hand) -> None:
    """The seal is made to fit the row, and its digest to fit the seal; the next one still tells."""
    edits_a_cell(hand)
    hand.row = None
    _made_anew(hand, follow=False, with_a_key=False)


def empties_who_it_was(hand: Hand) -> None:
    """One call loses its person as if they had been erased; no seal says so."""
    row_id = hand.some_id(CALLS)
    hand.row = (CALLS.name, row_id)
    _emptied(hand, row_id)


def empties_who_it_was_and_says_so(hand: Hand) -> None:
    """The same, with a seal of the tamperer's own that says so."""
    row_id = hand.some_id(CALLS)
    head, signer = Seal.objects.latest("number"), Ed25519PrivateKey.generate()
    erased = {"user_id": _emptied(hand, row_id), "through": row_id, "calls": 1}
    seal = Seal(
        number=head.number + 1,
        kind=Kind.ERASURE,
        form=head.form,
        sealed_at=head.sealed_at,
        calls=b"",
        outcomes=b"",
        facts=json.dumps({**standing_facts(head), "erased": erased}),
        previous=head.digest,
        signed_by=_text(signer.public_key().public_bytes_raw()),
    )
    seal.digest = seal.true_digest()
    seal.signature = _text(signer.sign(seal.digest.encode()))
    seal.save()


def empties_who_it_was_by_a_seal_before_the_first(hand: Hand) -> None:
    """The same, with a seal that no link of the chain follows."""
    row_id = hand.some_id(CALLS)
    erased = {"user_id": _emptied(hand, row_id), "through": 10**18, "calls": 0}
    _before_the_first(hand, Kind.ERASURE, {"erased": erased})


def deletes_the_beginning_and_says_so(hand: Hand) -> None:
    """The first seals and rows go, with a mark of retention that is copied together."""
    last = Seal.objects.get(number=hand.chance.randint(1, _last_seal(hand) - 1))
    deletes_through(hand, last)
    removed = {"through": last.number, "digest": last.digest, "ledgers": last.told()["ledgers"]}
    _before_the_first(hand, Kind.RETENTION, {"removed": removed})


def makes_the_chain_anew(hand: Hand) -> None:
    """After an edit every seal is made to fit, with signatures nobody can make anew."""
    edits_a_cell(hand)
    hand.row, hand.forged = None, True
    _made_anew(hand, follow=True, with_a_key=False)


def makes_the_chain_anew_with_another_key(hand: Hand) -> None:
    """The same, signed with a key of the tamperer's own."""
    deletes_a_row(hand)
    hand.row, hand.forged = None, True
    _made_anew(hand, follow=True, with_a_key=True)


Way = Callable[[Hand], None]
WAYS: Final[tuple[Way, ...]] = (
    edits_a_cell,
    deletes_a_row,
    inserts_where_an_id_is_free,
    exchanges_two_rows,
    cuts_off_the_end,
    deletes_a_range,
    inserts_an_old_row_at_the_end,
    moves_a_row,
    cuts_off_rows_alone,
    cuts_off_seals_alone,
    deletes_a_seal,
    deletes_the_beginning,
    edits_a_seal,
    exchanges_two_seals,
    edits_a_row_and_its_seal,
    empties_who_it_was,
    empties_who_it_was_and_says_so,
    empties_who_it_was_by_a_seal_before_the_first,
    deletes_the_beginning_and_says_so,
    makes_the_chain_anew,
    makes_the_chain_anew_with_another_key,
)


def _otherwise(column: str) -> str:
    """An expression that differs from what stands there, and fits the column."""
    if column in _TIMES:
        return f"{column} + interval '1 microsecond'"
    if column in _NUMBERS:
        return f"coalesce({column}, 0) + 1"
    if column == "arguments":
        return "arguments || '{\"more\": true}'"
    if column == "reference_id":
        return "md5(reference_id)"
    return f"CASE WHEN {column} = 'x' THEN 'y' ELSE 'x' END"


def _copied(hand: Hand, ledger: Ledger, new_id: int) -> None:
    """Insert a copy of an early row under another id."""
    hand.row = (ledger.name, new_id)
    early = hand.ids(ledger)[hand.chance.randint(0, 20)]
    columns = ", ".join(ledger.columns[1:])
    copied = columns.replace("reference_id", "md5(reference_id)")
    hand.does(
        f"INSERT INTO {ledger.table} (id, {columns})"
        f" SELECT {new_id}, {copied} FROM {ledger.table} WHERE id = {early}"
    )


def _before_the_first(hand: Hand, kind: Kind, facts: dict[str, Any]) -> None:
    """A seal numbered zero, with digest and signature of a genuine one."""
    genuine = Seal.objects.latest("number")
    hand.does(f"ALTER TABLE {_SEALS} DROP CONSTRAINT IF EXISTS seals_begin_at_one")
    hand.does(
        f"INSERT INTO {_SEALS} (number, kind, form, sealed_at, calls, outcomes, facts, previous,"
        " digest, signed_by, signature) VALUES (0, %s, %s, %s, '', '', %s, %s, %s, %s, %s)",
        [
            kind.value,
            genuine.form,
            genuine.sealed_at,
            json.dumps(facts),
            BEGINNING,
            genuine.digest,
            genuine.signed_by,
            genuine.signature,
        ],
    )


def _emptied(hand: Hand, row_id: int) -> int:
    """Empty a call as erasing does, digest and all; return whose it was."""
    person = int(hand.asked(f"SELECT user_id FROM {CALLS.table} WHERE id = {row_id}")[0][0])
    calls = identities(connection, user_id=person, through=row_id, most=10**6)
    hand.does(EMPTY, [dict(calls)[row_id], row_id])
    return person


def _only_up_to(hand: Hand, number: int) -> None:
    seal = Seal.objects.filter(number=number).first()
    for ledger in LEDGERS:
        frontier = seal.told()["ledgers"][ledger.name]["frontier"] if seal else 0
        hand.does(f"DELETE FROM {ledger.table} WHERE id > {frontier}")


def _made_anew(hand: Hand, *, follow: bool, with_a_key: bool) -> None:
    signer = Ed25519PrivateKey.generate()
    public = _text(signer.public_key().public_bytes_raw())
    previous, before = BEGINNING, {ledger.name: 0 for ledger in LEDGERS}
    for seal in Seal.objects.order_by("number"):
        stands, old = seal.told()["ledgers"], seal.digest
        for ledger in LEDGERS:
            after, through = before[ledger.name], stands[ledger.name]["frontier"]
            rows = rows_between(connection, ledger, after=after, through=through)
            setattr(seal, ledger.name, packed(list(rows)))
            before[ledger.name] = through
        seal.previous = previous if follow else seal.previous
        seal.digest = previous = seal.true_digest()
        if with_a_key:
            seal.signed_by, seal.signature = public, _text(signer.sign(seal.digest.encode()))
        if seal.digest != old:
            hand.does(
                f"UPDATE {_SEALS} SET calls = %s, outcomes = %s, previous = %s, digest = %s,"
                " signed_by = %s, signature = %s WHERE number = %s",
                [
                    seal.calls,
                    seal.outcomes,
                    seal.previous,
                    seal.digest,
                    seal.signed_by,
                    seal.signature,
                    seal.number,
                ],
            )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _some_seal(hand: Hand) -> int:
    return hand.chance.randint(1, _last_seal(hand))


def _last_seal(hand: Hand) -> int:
    return int(hand.asked(f"SELECT max(number) FROM {_SEALS}")[0][0])
