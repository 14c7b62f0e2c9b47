"""The forms of an HTML page, as a browser sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Button:
    """A submit button: what it sends when pressed, and its words."""

    name: str
    value: str
    words: str = ""


@dataclass
class Form:
    """A form with the values it would send as it stands."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[Button] = field(default_factory=list)

    def button(self, words: str) -> Button | None:
        """Return the button that shows these words."""
        return next((one for one in self.buttons if one.words.strip() == words), None)

    def filled(self, values: Mapping[str, str], *, pressed: str = "") -> dict[str, list[str]]:
        """Return what is sent with `values` filled in and the button `pressed`, if any."""
        sent = self.fields | {name: [value] for name, value in values.items()}
        button = self.button(pressed) if pressed else None
        if button is not None and button.name:
            sent[button.name] = [button.value]
        return sent


_TICKED = {"checkbox", "radio"}


class FormReader(HTMLParser):
    """Collects the forms of a page; feed it the page, then read `forms`."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._button: Button | None = None
        self._textarea: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form, or a field or button of the open one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Close the form, button or field."""
        if tag == "form":
            self._form = None
        elif tag == "button":
            self._button = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """Add to the words of a button, or to what stands in a text area."""
        if self._button is not None:
            self._button.words += data
        elif self._textarea is not None and self._form is not None:
            self._form.fields[self._textarea] = [data]

    def _inside(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "button":
            self._button = Button(name, given.get("value", ""))
            form.buttons.append(self._button)
        elif tag == "input":
            _add_input(form, name, given)
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select is not None:
            self._add_option(form, self._select, given)

    def _add_option(self, form: Form, name: str, given: dict[str, str]) -> None:
        if "selected" in given or name not in form.fields:
            form.fields[name] = [given.get("value", "")]


def _add_input(form: Form, name: str, given: dict[str, str]) -> None:
    kind = given.get("type", "text")
    if kind == "submit":
        form.buttons.append(Button(name, given.get("value", ""), given.get("value", "")))
    elif name and "disabled" not in given and (kind not in _TICKED or "checked" in given):
        unsaid = "on" if kind in _TICKED else ""
        form.fields.setdefault(name, []).append(given.get("value", unsaid))
