"""Sessions of the 2025 revisions: their records, and what passes between workers meanwhile."""
