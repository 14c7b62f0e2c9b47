"""A scripted browser for end-to-end tests; it lives with the simulator, for the demo uses it too."""

from simulator.browser import Browser, Form, NoSuchForm, sign_in_and_allow

__all__ = ["Browser", "Form", "NoSuchForm", "sign_in_and_allow"]
