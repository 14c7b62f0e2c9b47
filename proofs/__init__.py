"""Proofs that need real processes, kills and minutes; `make prove` runs them all."""
