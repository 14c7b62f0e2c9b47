"""What a demo explains in its own words instead of with a traceback."""


class DemoFailed(RuntimeError):
    """Something a person can act on went wrong; the message says what."""
