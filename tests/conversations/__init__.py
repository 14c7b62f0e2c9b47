"""Conversations that people have with a model, as data, held over `/mcp` step by step."""
