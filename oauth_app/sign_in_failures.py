"""How a sign-in may end without a connection: each way with its code, sentence and next steps.

SignInFailure
├── StateForged             STATE_MISMATCH          no such sign-in was ever started here
├── StateForeign            STATE_MISMATCH          it was started in another browser
├── StateReplayed           STATE_MISMATCH          it was finished before
├── SignInExpired           SIGN_IN_EXPIRED         more than ten minutes passed
├── Denied                  ACCESS_DENIED           the person said no at ServiceNow
├── PersonTurnedOff         ACCESS_DENIED           an operator turned this person off here
├── EndedByServiceNow       TOKEN_EXCHANGE_FAILED   ServiceNow ended it with another error
├── ExchangeFailed          TOKEN_EXCHANGE_FAILED   ServiceNow refused the code or our secret
├── WhoUnproved             IDENTITY_UNPROVED       it is not certain whose token this is
├── InstanceUnreachable     INSTANCE_UNAVAILABLE    ServiceNow did not answer in a usable way
├── InstanceClosed          INSTANCE_UNAVAILABLE    no instance is set up or open for sign-in
├── TooManySignIns          TOO_MANY_SIGN_INS       this address began too many within the hour
└── SignInsUncounted        SIGN_INS_PAUSED         nobody can count sign-ins: Redis is away
"""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oauth_app.exceptions import OauthAppFailure

Text = str | Promise


class SignInFailure(OauthAppFailure):
    """A sign-in that ends on a page of its own. `detail` is for the log, never for the page."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[Text]
    sentence: ClassVar[Text]
    checks: ClassVar[Sequence[Text]] = ()

    def __init__(self, detail: str = "", *, retry_after: int = 0) -> None:
        super().__init__(f"{self.code} {detail}".strip())
        self.detail = detail
        self.retry_after = retry_after  # seconds; 0 where waiting helps nobody


class StateForged(SignInFailure):
    """The state is missing or was never given out here."""

    code = "STATE_MISMATCH"
    status = 400
    title = _("This sign-in was not started here")
    sentence = _(
        "ServiceNow sent you back with a sign-in that this server never began, so it was stopped."
    )
    checks = (
        _("Start again with the button on the welcome page."),
        _("If someone sent you the link that brought you here, do not use it."),
    )


class StateForeign(SignInFailure):
    """The state belongs to a sign-in of another browser."""

    code = "STATE_MISMATCH"
    status = 403
    title = _("This sign-in belongs to another browser")
    sentence = _("A sign-in must end in the browser it began in, so this one was stopped.")
    checks = (
        _("Start again, and stay in one browser window."),
        _("Allow cookies for this site."),
        _("If someone sent you the link that brought you here, do not use it."),
    )


class StateReplayed(SignInFailure):
    """The state was used before."""

    code = "STATE_MISMATCH"
    status = 409
    title = _("This sign-in is already finished")
    sentence = _("Each sign-in can be used once, and this one has been.")
    checks = (
        _("If you reloaded the page or went back: you may be signed in already."),
        _("Otherwise start again with the button on the welcome page."),
    )


class SignInExpired(SignInFailure):
    """Ten minutes passed since it began."""

    code = "SIGN_IN_EXPIRED"
    status = 410
    title = _("This sign-in took too long")
    sentence = _("A sign-in has to be finished within ten minutes; this one began earlier.")
    checks = (_("Start again; nothing was stored."),)


class Denied(SignInFailure):
    """The person chose Deny at ServiceNow."""

    code = "ACCESS_DENIED"
    status = 403
    title = _("Access was not allowed")
    sentence = _("At ServiceNow the answer was Deny, so nothing was connected and nothing stored.")
    checks = (_("If that was a slip, sign in again and choose Allow."),)


class PersonTurnedOff(SignInFailure):
    """An operator turned this person off."""

    code = "ACCESS_DENIED"
    status = 403
    title = _("You may not sign in here")
    sentence = _("ServiceNow knows you, but an operator of this server has turned off your access.")
    checks = (_("Ask the people who run this server, and give them the reference below."),)


class EndedByServiceNow(SignInFailure):
    """ServiceNow came back with an error other than a denial."""

    code = "TOKEN_EXCHANGE_FAILED"
    status = 502
    title = _("ServiceNow did not allow this server to sign you in")
    sentence = _("ServiceNow ended the sign-in with an error of its own before it gave a code.")
    checks = (
        _("Try again."),
        _("Operators: compare client id and redirect address with the registry on the instance."),
    )


class ExchangeFailed(SignInFailure):
    """The code, or our client id or secret, was refused."""

    code = "TOKEN_EXCHANGE_FAILED"
    status = 502
    title = _("ServiceNow did not accept this sign-in")
    sentence = _("ServiceNow gave a code and then refused to exchange it for a token.")
    checks = (
        _("Try again once; a code is good for a short time only."),
        _("Operators: check that the OAuth client is active, its secret and redirect address."),
        _("Your ServiceNow user must be active and not locked out."),
    )


class WhoUnproved(SignInFailure):
    """The instance's answers do not prove who signed in."""

    code = "IDENTITY_UNPROVED"
    status = 502
    title = _("It is not certain who signed in")
    sentence = _(
        "ServiceNow's answers did not agree on whose sign-in this is, so it was refused and "
        "nothing was stored."
    )
    checks = (
        _("Your ServiceNow user must be allowed to read its own record in sys_user."),
        _("Operators: the OAuth client must not be limited to the APIs of one scope."),
    )


class InstanceUnreachable(SignInFailure):
    """ServiceNow could not be reached, or answered with something else than JSON."""

    code = "INSTANCE_UNAVAILABLE"
    status = 503
    title = _("ServiceNow cannot be reached")
    sentence = _("ServiceNow did not answer in a usable way, so the sign-in could not be finished.")
    checks = (
        _("Open the instance in your browser: it may be asleep, upgrading or down."),
        _("Then sign in again; nothing was stored."),
    )


class InstanceClosed(SignInFailure):
    """No instance is set up, or the one asked for is not open."""

    code = "INSTANCE_UNAVAILABLE"
    status = 503
    title = _("There is no ServiceNow instance to sign in at")
    sentence = _(
        "The instance is not set up on this server, or an operator has closed or paused it."
    )
    checks = (
        _("Ask the people who run this server."),
        _("Operators: set SERVICENOW_INSTANCE_URL, or make an instance in the admin."),
    )


class TooManySignIns(SignInFailure):
    """The address has begun more sign-ins within an hour than people behind it could mean."""

    code = "TOO_MANY_SIGN_INS"
    status = 429
    title = _("Too many sign-ins were started from your network")
    sentence = _("To protect this server, no further one is started within the hour.")
    checks = (
        _("Try again later; whoever is signed in already stays signed in."),
        _("Operators: behind a proxy, TRUSTED_PROXIES must name it."),
    )


class SignInsUncounted(SignInFailure):
    """Nobody can count sign-ins over all processes, so none is begun."""

    code = "SIGN_INS_PAUSED"
    status = 503
    title = _("Signing in has to wait a moment")
    sentence = _(
        "This server cannot count sign-ins just now, and begins none that nobody counts. Whoever "
        "is signed in stays signed in."
    )
    checks = (
        _("Try again in a few seconds."),
        _("Operators: Redis does not answer at REDIS_URL."),
    )
