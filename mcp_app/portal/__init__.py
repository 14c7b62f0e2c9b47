"""Pages for a person: their connection, consent, clients and reconnect tokens."""
