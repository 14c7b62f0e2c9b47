"""The demo: the whole product on one machine, on embedded parts, beside a simulated ServiceNow."""
