"""Proofs that no request needs to come to the worker that took an earlier one."""
