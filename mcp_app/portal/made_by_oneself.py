"""Steps of the pages on which people make credentials for themselves, and end them."""

from typing import Any, TypeVar

from django.db import models
from django.http import Http404, HttpResponseRedirect

from mcp_app.portal.forms import ChosenForm
from oauth_app.http import SignedInRequest, sign_in_address

Own = TypeVar("Own", bound=models.QuerySet[Any])


def chosen(request: SignedInRequest, own: Own) -> Own:
    """Return which of one's `own` a POST is about: one, or all. Raises `Http404` for another's."""
    form = ChosenForm(request.POST)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["action"] == "all":
        return own
    one = own.filter(pk=form.cleaned_data["id"])
    if not one.exists():
        raise Http404
    return one


def sign_in_again(request: SignedInRequest) -> HttpResponseRedirect:
    """Send the person to a fresh sign-in, and back to this page."""
    return HttpResponseRedirect(sign_in_address(next_path=request.path))
