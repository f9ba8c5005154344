"""`python echo_of_pywa.py PORT GRAPH echo|mute`: pywa as its own documentation sets it up, in its own environment.

The asynchronous client, since it is the faster one; fastapi under uvicorn with uvloop and httptools, one worker, no
access log. pywa writes Meta's address into the session that it is given; afterwards the session is pointed at
the stand-in.
"""

import sys

import fastapi
import httpx
import uvicorn
from pywa_async import WhatsApp, filters, types

PHONE_NUMBER_ID = "106540352242922"
SECRET = "secret-of-the-bench"  # noqa: S105 -- as in bench/webhooks.py, which this environment can't import


def main(port: int, graph: str, mode: str) -> None:
    app = fastapi.FastAPI()
    session = httpx.AsyncClient()
    whatsapp = WhatsApp(
        phone_id=PHONE_NUMBER_ID,
        token="token-of-the-bench",  # noqa: S106 -- a stand-in
        session=session,
        server=app,
        webhook_endpoint="/webhook",
        verify_token="verify-of-the-bench",  # noqa: S106 -- a stand-in
        app_secret=SECRET,
        validate_updates=True,
    )
    session.base_url = f"{graph}/v25.0"
    if mode == "echo":

        @whatsapp.on_message(filters.text)
        async def echo(_: WhatsApp, message: types.Message) -> None:
            await message.reply_text(message.text or "")

    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
