"""The authorization server for MCP clients: django-oauth-toolkit, narrowed to what MCP needs."""
