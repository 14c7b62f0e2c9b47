"""What a person means by a record: its number, its sys_id, or a link copied from the browser."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from tools_app.exceptions import ArgumentProblem, InvalidArguments
from tools_app.validation import shown

_SYS_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}[0-9]{3,20}")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_TABLE = r"(?P<table>[a-z][a-z0-9_]{1,79})"
_ID = r"(?P<sys_id>[0-9a-f]{32})(?![0-9a-f])"
_NUMBERED = r"(?P<number>[A-Za-z][A-Za-z0-9_]{0,15}[0-9]{3,20})"
# The classic form (nav_to.do, params/target and bare), workspaces, and portals in both orders.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:^|[/=?]){_TABLE}\.do\?(?:[^#]*&)?sys_id={_ID}",
        rf"/record/{_TABLE}/{_ID}",
        rf"[?&](?:table|t)={_TABLE}&(?:[^#]*&)?sys_id={_ID}",
        rf"[?&]sys_id={_ID}&(?:[^#]*&)?(?:table|t)={_TABLE}",
        rf"(?:^|[/=?]){_TABLE}\.do\?(?:[^#]*&)?sysparm_query=number={_NUMBERED}",
        # Articles: the classic view and portals, by number and by sys_id.
        rf"(?:^|[/=?])(?P<table>kb_view)\.do\?(?:[^#]*&)?sysparm_article={_NUMBERED}",
        rf"(?:^|[/=?])(?P<table>kb_view)\.do\?(?:[^#]*&)?sys_kb_id={_ID}",
        rf"[?&]id=(?P<table>kb_article(?:_view)?)&(?:[^#]*&)?sysparm_article={_NUMBERED}",
        rf"[?&]id=(?P<table>kb_article(?:_view)?)&(?:[^#]*&)?sys_(?:kb_)?id={_ID}",
    )
)
_DECODINGS = 3


@dataclass(frozen=True)
class RecordText:
    """What was meant: one of `sys_id` and `number`, and the table where a link names one."""

    sys_id: str = ""
    number: str = ""
    table: str = ""


def is_sys_id(text: str) -> bool:
    """Whether `text` has the form of a sys_id: 32 hexadecimal digits."""
    return _SYS_ID.fullmatch(text.strip()) is not None


def read_record_text(text: str, *, argument: str, instance_url: str) -> RecordText:
    """What `text` means. Raises `InvalidArguments` for another form or another instance's link."""
    meant = text.strip()
    if _LINK.match(meant):
        return _read_link(meant, argument=argument, instance_url=instance_url)
    if is_sys_id(meant):
        return RecordText(sys_id=meant.lower())
    if _NUMBER.fullmatch(meant):
        return RecordText(number=meant.upper())
    raise InvalidArguments(
        ArgumentProblem(
            argument,
            f"is {shown(text)!r}, which is neither a number, nor a sys_id, nor a link",
            "a number such as INC0010001, a sys_id of 32 hexadecimal digits, or a link to a "
            "record copied from the browser",
        )
    )


def _read_link(link: str, *, argument: str, instance_url: str) -> RecordText:
    if _host(link) != _host(instance_url):
        raise InvalidArguments(
            ArgumentProblem(argument, "links to another host", f"links into {instance_url}")
        )
    decoded = link
    for _ in range(_DECODINGS):
        for form in _FORMS:
            if found := form.search(decoded):
                parts = found.groupdict()
                return RecordText(
                    sys_id=parts.get("sys_id", "").lower(),
                    number=parts.get("number", "").upper(),
                    table=parts["table"].lower(),
                )
        decoded = unquote(decoded)
    raise InvalidArguments(
        ArgumentProblem(argument, "is a link to no record", "a link to the form of one record")
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
