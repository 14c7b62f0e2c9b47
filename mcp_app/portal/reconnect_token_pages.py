"""A person's reconnect tokens: make one after a fresh sign-in, see it once, revoke it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from mcp_app.portal.forms import NewTokenForm
from mcp_app.portal.made_by_oneself import chosen, sign_in_again
from oauth_app import reconnect_tokens
from oauth_app.exceptions import SignInNeeded
from oauth_app.http import SignedInRequest, is_fresh, sign_in_address, sign_in_required
from oauth_app.models import ReconnectToken


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
@sensitive_variables()
def tokens(request: SignedInRequest) -> HttpResponse:
    """List one's tokens; make a new one and show it, this once."""
    if request.method == "GET":
        return _page(request, form=NewTokenForm())
    if not is_fresh(request):
        return sign_in_again(request)
    form = NewTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    try:
        token, raw = reconnect_tokens.make(
            user=request.user, connection=request.connection, **form.cleaned_data
        )
    except SignInNeeded:
        return sign_in_again(request)
    made = {"token": token, "raw": raw, "personal_url": reconnect_tokens.personal_url(raw)}
    # No redirect: what is shown once must be stored nowhere on the way, not in a session either.
    return _page(request, form=NewTokenForm(), made=made)


@never_cache
@require_POST
@sign_in_required
def revoke(request: SignedInRequest) -> HttpResponse:
    """Revoke one of one's tokens, or all."""
    own = ReconnectToken.objects.filter(user=request.user)
    count = reconnect_tokens.revoke_all(chosen(request, own))
    sentence = ngettext("%(count)d token is revoked.", "%(count)d tokens are revoked.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("portal:tokens")


def _page(
    request: SignedInRequest,
    *,
    form: NewTokenForm,
    made: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = ReconnectToken.objects.filter(user=request.user).live(timezone.now())
    context = {
        "form": form,
        "made": made,
        "tokens": own.order_by("-created_at"),
        "is_fresh": is_fresh(request),
        "sign_in_again": sign_in_address(next_path=request.path),
    }
    return render(request, "portal/tokens.html", context, status=status)
