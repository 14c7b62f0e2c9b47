"""What a person does at the simulated ServiceNow in a real browser."""

from playwright.sync_api import Page


def enter(page: Page, user_name: str) -> None:
    """Sign in at the simulated ServiceNow, whose page is open, and allow our server."""
    enter_password(page, user_name)
    page.get_by_role("button", name="Allow").click()


def enter_password(page: Page, user_name: str) -> None:
    """Sign in there and stop at its consent page."""
    page.get_by_label("User name").fill(user_name)
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
