"""What a person reads on a page, and what came of it."""

import html
import re

from django.http import HttpResponse
from oauth2_provider.models import Grant

from oauth_app.models import ClientGrant


def text_of(response: HttpResponse) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(words).split())


def nothing_was_issued() -> bool:
    return not Grant.objects.exists() and not ClientGrant.objects.exists()
