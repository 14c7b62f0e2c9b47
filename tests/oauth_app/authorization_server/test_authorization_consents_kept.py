"""Consents and open questions in the database: one live consent each, and nothing kept for ever."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import Application

from oauth_app.authorization_server.grants import revoke_grant
from oauth_app.models import ClientGrant, ConsentQuestion, User
from oauth_app.tasks import purge_expired
from tests.oauth_app.authorization_server.mcp_client import McpClient, yes

ONE_LIVE_CONSENT = "one_live_consent_per_person_client_and_address"


def consent(user: User, *, host: str, **changed: object) -> ClientGrant:
    application = Application.objects.get()
    return ClientGrant.objects.create(
        user=user, application=application, redirect_host=host, **changed
    )


def test_there_is_one_live_consent_for_a_person_a_client_and_an_address(
    abel: Client, beth: Client, mcp_client: McpClient
):
    abels, beths = User.objects.order_by("pk")
    first = consent(abels, host="127.0.0.1")
    consent(abels, host="localhost")
    consent(beths, host="127.0.0.1")
    with pytest.raises(IntegrityError), transaction.atomic():
        consent(abels, host="127.0.0.1")
    revoke_grant(first)
    consent(abels, host="127.0.0.1")


def test_of_older_consents_to_the_same_the_newest_stays_live(
    abel: Client, beth: Client, mcp_client: McpClient
):
    (constraint,) = (one for one in ClientGrant._meta.constraints if one.name == ONE_LIVE_CONSENT)
    abels, beths = User.objects.order_by("pk")
    with connection.schema_editor() as editor:
        editor.remove_constraint(ClientGrant, constraint)
    now = timezone.now()
    for days in (3, 1, 2):
        since = now - timedelta(days=days)
        consent(abels, host="127.0.0.1", toolsets=[str(days)], created_at=since)
    for user, host in ((abels, "localhost"), (beths, "127.0.0.1")):
        consent(user, host=host, toolsets=["other"], created_at=now - timedelta(days=9))
    migration = importlib.import_module("oauth_app.migrations.0004_consents_that_are_remembered")
    with connection.schema_editor() as editor:
        migration.end_all_but_the_newest(apps, editor)
        editor.add_constraint(ClientGrant, constraint)
    live = ClientGrant.objects.live().order_by("pk")
    assert [grant.toolsets for grant in live] == [["1"], ["other"], ["other"]]


def test_a_question_goes_a_day_after_it_was_over(abel: Client, mcp_client: McpClient):
    answered, old, open_ = (yes(mcp_client.ask(abel)) for _ in range(3))
    assert abel.post("/o/authorize/", answered).status_code == 302
    first, second, third = ConsentQuestion.objects.order_by("pk")
    assert first.answered_at is not None
    long_ago = timezone.now() - timedelta(hours=25)
    ConsentQuestion.objects.filter(pk__in=[first.pk, second.pk]).update(expires_at=long_ago)
    assert purge_expired()["consent_questions"] == 2
    assert ConsentQuestion.objects.get() == third
    assert abel.post("/o/authorize/", old).status_code == 400
    assert abel.post("/o/authorize/", open_).status_code == 302


def test_no_question_stays_open_beyond_the_last_five_of_a_browser(
    abel: Client, beth: Client, mcp_client: McpClient
):
    mcp_client.ask(beth)
    for _ in range(8):
        mcp_client.ask(abel)
    person = User.objects.get(username="abel.tuter")
    assert ConsentQuestion.objects.filter(user=person).count() == 5
    assert ConsentQuestion.objects.exclude(user=person).count() == 1
