"""Which of several processes gave an answer: it says so itself."""

import os

from starlette.types import Message, Send


def naming_this_process(send: Send) -> Send:
    """Return a `send` that puts the id of this process on the answer, as `X-Served-By`."""

    async def named(message: Message) -> None:
        if message["type"] == "http.response.start":
            by = (b"x-served-by", str(os.getpid()).encode())
            message = {**message, "headers": [*message.get("headers", []), by]}
        await send(message)

    return named
