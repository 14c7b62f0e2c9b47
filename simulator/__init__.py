"""A ServiceNow instance in one process, for the demo, the tests and the benchmarks."""
