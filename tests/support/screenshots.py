"""Take the pictures of README and docs anew: `python -m tests.support.screenshots`."""

import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from snmcp_project.demo.processes import Processes
from snmcp_project.demo.site import PROJECT, DemoSite
from snmcp_project.demo.startup import bring_up
from tests.support.at_servicenow import enter
from tests.support.chromium import ARGUMENTS, find_chromium

IMAGES = PROJECT / "docs" / "images"


def main() -> None:
    """Start a demo on the README's own ports and take each picture."""
    with tempfile.TemporaryDirectory(prefix="snmcp-images-") as folder:
        site = DemoSite(Path(folder), 8080, 8090)
        with Processes(site.directory / "logs", site.environment()) as processes:
            bring_up(site, processes, report=print)
            _take_pictures(site)


def _take_pictures(site: DemoSite) -> None:
    program, environment = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, env=dict(environment)
        )
        page = browser.new_page(
            base_url=site.address, viewport={"width": 900, "height": 760}, device_scale_factor=2
        )
        page.goto("/oauth/authorize")
        enter(page, "abel.tuter")
        page.wait_for_url("**/connection")
        page.screenshot(path=IMAGES / "connection.png")
        _call_the_instance(site.instance_address)
        page.goto(f"{site.instance_address}/simulator/console/requests")
        page.set_viewport_size({"width": 1100, "height": 700})
        page.screenshot(path=IMAGES / "simulator-console.png")
        browser.close()


def _call_the_instance(address: str) -> None:
    """Something to see in the simulator's console."""
    with httpx.Client(base_url=f"{address}/api/now", auth=("beth.anglin", "demo")) as beth:
        beth.get("/table/incident?sysparm_query=active=true^ORDERBYDESCopened_at&sysparm_limit=5")
        beth.get("/stats/incident?sysparm_count=true&sysparm_group_by=state")
        beth.post("/table/incident", json={"short_description": "Printer on fire"})
        beth.get("/table/sys_properties/none")


if __name__ == "__main__":
    main()
