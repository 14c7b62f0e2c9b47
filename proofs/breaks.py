"""Deliberate breaks of the product for each proof: with one, its proof must find a promise broken.

`python -m proofs.breaking` tries them. A proof that cannot fail proves nothing.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Break:
    """What is done to the product: `old`, which stands once in `file`, becomes `new`."""

    proof: str
    what: str
    file: str
    old: str
    new: str


BREAKS: Final = (
    Break(
        "any_order",
        "revoking a reconnect token is not told to what keeps verified credentials",
        "oauth_app/reconnect_tokens.py",
        "    announce_revocation()\n",
        "",
    ),
    Break(
        "any_order",
        "what was verified is remembered by the client's address",
        "mcp_app/auth.py",
        'hashlib.sha256(f"{path} {presented.token}".encode())',
        'hashlib.sha256(f"{path} {address}".encode())',
    ),
    Break(
        "audit_away",
        "a call goes on where its intent could not be written",
        "mcp_app/dispatch.py",
        '        log.exception("tool_call_refused_unrecorded", reference_id=call.reference_id)\n'
        "        raise IntentUnrecorded from failure\n"
        "\n"
        "\n"
        "async def _never_made(",
        '        log.warning("tool_call_unrecorded", failure=type(failure).__name__)\n'
        "\n"
        "\n"
        "async def _never_made(",
    ),
    Break(
        "audit_tampering",
        "verification takes any record without a person for an erased one",
        "audit_app/canonical.py",
        "if found and _is_erased(kept, erased):",
        "if found:",
    ),
    Break(
        "audit_tampering",
        "verification does not look at the checkpoints",
        "audit_app/verification.py",
        "_check_checkpoints(file, size, walk=walk)",
        "report.checkpoints += 1",
    ),
    Break(
        "calls_killed",
        "a call is recorded when it has ended",
        "mcp_app/dispatch.py",
        "    await _open(call)\n"
        "    return await _called(call, spec, arguments, allowance=call.allowance)\n",
        "    answer = await _called(call, spec, arguments, allowance=call.allowance)\n"
        "    await _open(call)\n"
        "    return answer\n",
    ),
    Break(
        "clock_jumps",
        "a lease counts however far ahead it ends, also after the clock was set back",
        "oauth_app/models/connections.py",
        "lease_expires_at__gt=moment, lease_expires_at__lte=moment + _LONGEST_LEASE",
        "lease_expires_at__gt=moment",
    ),
    Break(
        "clock_jumps",
        "reconnect tokens end when they are removed, and not when they expire",
        "oauth_app/models/reconnect_tokens.py",
        "revoked_at=None, expires_at__gt=moment, idle_since__gt=moment - IDLE_LIFE",
        "revoked_at=None, idle_since__gt=moment - IDLE_LIFE",
    ),
    Break(
        "envelopes",
        "a ciphertext is not bound to its row",
        "oauth_app/encryption.py",
        '("v" + VERSION, self.instance, self.user, self.row, self.field)',
        '("v" + VERSION, self.instance, self.user, self.field)',
    ),
    Break(
        "identities",
        "the guard of writes knows three fields, in one spelling",
        "tools_app/identity.py",
        "        if is_protected(name):\n            dropped",
        '        if name in {"caller_id", "opened_by", "requested_for"}:\n            dropped',
    ),
    Break(
        "identities",
        "somebody with the e-mail address of a person known here is taken for them",
        "oauth_app/people.py",
        "    wanted = _NOT_IN_A_USERNAME.sub(",
        "    known = User.objects.filter(email__iexact=identity.email).first()\n"
        "    if known is not None:\n"
        "        return known\n"
        "    wanted = _NOT_IN_A_USERNAME.sub(",
    ),
    Break(
        "key_rotation",
        "rotation forgets a column",
        "oauth_app/encrypted_columns.py",
        "        if isinstance(field, EncryptedTextField)\n",
        '        if isinstance(field, EncryptedTextField) and field.name != "code_verifier"\n',
    ),
    Break(
        "key_rotation",
        "rotation stores whole rows as it has read them, without a lock or a comparison",
        "oauth_app/key_rotation.py",
        '        for row in rows.select_for_update(skip_locked=True, no_key=True, of=("self",))'
        "[:batch]:\n"
        "            last = row.pk\n"
        "            try:\n"
        "                envelope = "
        "sealed(row, column.field.name, getattr(row, column.field.name))\n"
        "            except DecryptionFailed as fault:\n"
        '                unreadable.append(f"{column} of row {row.pk}: {fault}")\n'
        "                continue\n"
        "            rotated += column.put(row, envelope)\n",
        "        for row in rows[:batch]:\n"
        "            last = row.pk\n"
        "            clear = getattr(row, column.field.name)\n"
        "            setattr(row, column.field.name, clear)\n"
        "            row.save()\n"
        "            rotated += 1\n",
    ),
    Break(
        "limits",
        "each process counts for itself",
        "mcp_app/limits.py",
        "await script(keys=[bucket], args=script_arguments(limit))",
        'await script(keys=[f"{id(self)}:{bucket}"], args=script_arguments(limit))',
    ),
    Break(
        "limits",
        "without Redis writes are counted like reads",
        "mcp_app/limits.py",
        "        if writes:\n            return uncounted(limit)\n",
        "",
    ),
    Break(
        "lost_replies",
        "writes are repeated like reads",
        "servicenow/client.py",
        "    if not call.only_reads:\n        return False\n",
        "",
    ),
    Break(
        "mixed_up",
        "what was verified is remembered by the client's address",
        "mcp_app/auth.py",
        'hashlib.sha256(f"{path} {presented.token}".encode())',
        'hashlib.sha256(f"{path} {address}".encode())',
    ),
    Break(
        "mixed_up",
        "all people of an instance share one client",
        "mcp_app/callers.py",
        "name = (caller.connection_id, caller.instance_url)",
        "name = (caller.instance_id, caller.instance_url)",
    ),
    Break(
        "offboarding",
        "what was verified is kept for a minute",
        "mcp_app/auth.py",
        "_KEPT_SECONDS = 0.5",
        "_KEPT_SECONDS = 60.0",
    ),
    Break(
        "offboarding",
        "disconnecting revokes the refresh token alone",
        "oauth_app/disconnection.py",
        'for name in ("refresh_token", "access_token")]',
        'for name in ("refresh_token",)]',
    ),
    Break(
        "redis_loss",
        "without Redis reads are refused like writes",
        "mcp_app/limits.py",
        "        if writes:\n"
        "            return uncounted(limit)\n"
        "        return self._local.spend(bucket, limit=max(1, limit // 2))\n",
        "        return uncounted(limit)\n",
    ),
    Break(
        "redis_loss",
        "after a failure Redis is left alone for a minute",
        "mcp_app/limits.py",
        "_PAUSE_SECONDS: Final = 1.0",
        "_PAUSE_SECONDS: Final = 60.0",
    ),
    Break(
        "refresh_ahead",
        "the sweep takes what has ended already",
        "oauth_app/sweep.py",
        ".expiring_before(now + EARLY)",
        ".expiring_before(now)",
    ),
    Break(
        "refresh_crashes",
        "a refresh that failed is tried again at once",
        "oauth_app/leases.py",
        "next_refresh_at=now + pause,",
        "next_refresh_at=now,",
    ),
    Break(
        "refresh_refusals",
        "a refused client is taken for a refused person",
        "oauth_app/refresh.py",
        "_FAULTS.get(refusal.rfc_error, Fault.CLIENT_REFUSED)",
        "_FAULTS.get(refusal.rfc_error, Fault.GRANT_ENDED)",
    ),
    Break(
        "refresh_refusals",
        "tokens are removed when a refresh fails",
        "oauth_app/leases.py",
        "            last_fault=fault,\n",
        '            last_fault=fault, access_token="", refresh_token="",\n',
    ),
    Break(
        "refresh_stampede",
        "the lease is claimed without comparing the version",
        "oauth_app/leases.py",
        "Connection.objects.filter(pk=connection_id, version=version)",
        "Connection.objects.filter(pk=connection_id)",
    ),
    Break(
        "restarts",
        "a worker that is told to end cancels what it is doing",
        "mcp_app/service.py",
        "PATIENCE_SECONDS = 8.0",
        "PATIENCE_SECONDS = 0.0",
    ),
    Break(
        "restarts",
        "a paused instance takes no sign-ins, and everything else",
        "oauth_app/tokens.py",
        "if connection.instance.is_paused or not connection.instance.is_active:",
        "if not connection.instance.is_active:",
    ),
    Break(
        "restore",
        "verification counts the rows of a seal and does not compare them",
        "audit_app/comparison.py",
        "if not is_same or span.sealed != packed(present):",
        "if not is_same:",
    ),
    Break(
        "restore",
        "secrets are bound to the name of the database that they stand in",
        "oauth_app/encryption.py",
        '("v" + VERSION, self.instance,',
        '(settings.DATABASES["default"]["NAME"], self.instance,',
    ),
    Break(
        "retried_refreshes",
        "the answer to a refresh is not kept for a retry",
        "oauth_app/authorization_server/validator.py",
        "            keep_answer(granted, request, token)\n",
        "",
    ),
    Break(
        "retried_refreshes",
        "the answer to a refresh is given again however late",
        "oauth_app/authorization_server/refresh_retries.py",
        "        given_at__gt=timezone.now() - RETRIES_LAST,\n",
        "",
    ),
    Break(
        "secrets_scan",
        "a failed refresh logs the token it was tried with",
        "oauth_app/refresh.py",
        'log.warning("refresh_failed", connection=connection.pk,',
        'log.warning("refresh_failed", token=connection.refresh_token,',
    ),
    Break(
        "secrets_scan",
        "browser sessions stand in the database under the key in the cookie",
        "oauth_app/models/browser_sessions.py",
        "return HashedText(stored_hash(str(value)))",
        "return HashedText(str(value))",
    ),
)
