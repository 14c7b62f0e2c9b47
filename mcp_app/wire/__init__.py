"""MCP over HTTP: one message in, one answer out, as JSON or as a stream of events."""
