"""Two knowledge bases and a few articles in a small instance: one base is for Sales only."""

from simulator.instance import Instance
from tests.simulator.small_instance import ABEL, BETH, SALES, Api

OPEN, SALES_ONLY = "e" * 32, "f" * 32
VPN, MAIL_HELP, DRAFT, RETIRED, EXPIRED, PRICES = ("7" * 31 + digit for digit in "123456")

_TODAY, _LATER = "2026-11-20", "2027-11-20"


def library() -> Api:
    """An instance with the articles below; everybody of the department Sales is Beth."""
    api = Api()
    instance = api.instance
    instance.insert("user_criteria", {"sys_id": "5" * 32, "name": "Sales", "department": SALES})
    for sys_id, title in ((OPEN, "IT"), (SALES_ONLY, "Sales")):
        instance.insert("kb_knowledge_base", {"sys_id": sys_id, "title": title, "owner": BETH})
    instance.insert(
        "kb_uc_can_read_mtom", {"kb_knowledge_base": SALES_ONLY, "user_criteria": "5" * 32}
    )
    _write(instance, VPN, "KB0000001", "Connect to the VPN", "<p>The <b>VPN</b> gives access</p>")
    _write(instance, MAIL_HELP, "KB0000002", "Mail on a phone", "<p>Read mail &amp; calendar</p>")
    _write(instance, DRAFT, "KB0000003", "VPN draft", "vpn", workflow_state="draft", author=BETH)
    _write(instance, RETIRED, "KB0000004", "Old VPN", "vpn", workflow_state="retired")
    _write(instance, EXPIRED, "KB0000005", "Expired VPN", "vpn", valid_to="2026-11-01")
    _write(instance, PRICES, "KB0000006", "VPN prices", "secret vpn", kb_knowledge_base=SALES_ONLY)
    return api


def _write(
    instance: Instance, sys_id: str, number: str, title: str, text: str, **more: str
) -> None:
    values = {
        "sys_id": sys_id,
        "number": number,
        "short_description": title,
        "text": text,
        "kb_knowledge_base": OPEN,
        "author": ABEL,
        "workflow_state": "published",
        "published": _TODAY,
        "valid_to": _LATER,
        **more,
    }
    instance.insert("kb_knowledge", values)
