"""What a person reads on a page."""

import html
import re

from django.http import HttpResponse


def text_of(response: HttpResponse) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(words).split())
