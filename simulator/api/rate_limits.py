"""Rate limits: so many requests an hour of the clock, for each person (`sys_rate_limit_rules`).

A rule for one user goes before those for a role, and these before those for everybody; among
several of a kind the lowest limit counts. Source: ServiceNow's "Inbound REST API rate limiting".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from simulator.access.people import Person
from simulator.api.calls import ApiCall
from simulator.instance import Instance, Row

SECONDS_AN_HOUR = 3600

_TIERS = ("user", "role", "all")
_FIELDS = (
    *("sys_id", "api", "api_path", "version", "resource", "http_method", "table"),
    *("type", "user", "request_limit"),
)
_RULES = f"""
SELECT {", ".join(f'r."{name}"' for name in _FIELDS)}, coalesce(o."name", '')
FROM "sys_rate_limit_rules" r LEFT JOIN "sys_user_role" o ON o."sys_id" = r."role"
WHERE r."active" = 'true' AND r."request_limit" > 0
"""  # noqa: S608  # fixed names


@dataclass(frozen=True, kw_only=True)
class Limited:
    """A request that a rule is about: how it stands with the limit of this hour."""

    rule: str
    api: str
    limit: int
    count: int
    now: int

    @property
    def is_exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.count > self.limit

    @property
    def reset_at(self) -> int:
        """When the hour is over, in seconds since 1970."""
        return self.now - self.now % SECONDS_AN_HOUR + SECONDS_AN_HOUR

    def headers(self) -> dict[str, str]:
        """What every answer says that a rule is about; a refusal says when to try again too."""
        said = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Reset": str(self.reset_at),
            "X-RateLimit-Rule": self.rule,
        }
        if self.is_exceeded:
            said["Retry-After"] = str(self.reset_at - self.now)
        return said

    @property
    def sentence(self) -> str:
        """The detail of a refusal."""
        return f"Rate limit of {self.limit} requests per hour for {self.api} exceeded"


def counted(instance: Instance, call: ApiCall, person: Person) -> Limited | None:
    """Count a request for the rule that applies to it; None where there is none."""
    rule = _applying(instance, call, person)
    if rule is None:
        return None
    now = int(instance.clock().timestamp())
    start = datetime.fromtimestamp(now - now % SECONDS_AN_HOUR, UTC).strftime("%Y-%m-%d %H:%M:%S")
    limited = Limited(
        rule=rule["sys_id"],
        api=rule["api"] or call.api,
        limit=int(rule["request_limit"]),
        count=_count(instance, rule["sys_id"], person=person.sys_id, start=start),
        now=now,
    )
    if limited.is_exceeded:
        instance.insert(
            "sys_rate_limit_violations",
            {"rate_limit_rule": limited.rule, "user": person.sys_id, "uri": f"/api/{call.path}"},
        )
    return limited


def _applying(instance: Instance, call: ApiCall, person: Person) -> Row | None:
    matching = [row for row in _rules(instance, person) if call.is_covered_by(row)]
    for tier in _TIERS:
        rules = [row for row in matching if row["type"] == tier]
        if rules:
            return min(rules, key=lambda row: int(row["request_limit"]))
    return None


def _rules(instance: Instance, person: Person) -> Iterator[Row]:
    for values in instance.store.rows(_RULES):
        row = {name: str(value) for name, value in zip((*_FIELDS, "role"), values, strict=True)}
        if row["type"] == "user" and row["user"] != person.sys_id:
            continue
        if row["type"] == "role" and row["role"] not in person.roles:
            continue
        yield row


def _count(instance: Instance, rule: str, *, person: str, start: str) -> int:
    found = instance.store.rows(
        'UPDATE "sys_rate_limit_count" SET "request_count" = "request_count" + 1'
        ' WHERE "rate_limit_rule" = ? AND "user" = ? AND "count_start" = ?'
        ' RETURNING "request_count"',
        (rule, person, start),
    )
    if found:
        return int(found[0][0])
    instance.insert(
        "sys_rate_limit_count",
        {
            "sys_id": uuid4().hex,
            "rate_limit_rule": rule,
            "user": person,
            "count_start": start,
            "request_count": "1",
        },
    )
    return 1
