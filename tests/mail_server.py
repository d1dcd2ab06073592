"""A mail server for the tests of `tipbrief send`: a real one (aiosmtpd) on this machine, which fails as its plan says.

    python3 tests/mail_server.py FOLDER [--plan WORD…] [--seed N] [--certificate PEM --key PEM] [--login USER PASSWORD] [--host ADDRESS]

Each conversation takes the next word of the plan, the last one again and again; with --seed the words are drawn. Each message
that it takes is written to FOLDER as `N.eml`, and what was known of the conversation to `N.json`. The port stands on the first
line of stdout. It ends when its stdin does.
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import random
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

WORDS = {
    "take": "the message is taken",
    "close": "the line is closed before a greeting",
    "mute": "no greeting ever comes",
    "drip": "the greeting comes a byte at a time, and has no end",
    "inject": "the server sends more before the encryption than was asked",
    "deny": "the password is refused, and repeated",
    "refuse": "the recipient is refused for good",
    "later": "the recipient is refused for now",
    "drop-before": "the line is closed in place of an answer to DATA",
    "drop-within": "the line is closed within the message",
    "reject": "the whole message is refused for good, at length",
    "defer": "the whole message is refused for now",
    "drop-after": "the line is closed after the whole message, which is lost",
    "vanish": "the line is closed after the whole message, which is delivered",
    "hang": "the whole message is delivered, and no answer ever comes",
}
# Those that a burst meets; the others only cost it time.
DRAWN = ["take"] * 4 + ["close", "refuse", "later", "drop-before", "drop-within", "reject", "defer", "drop-after", "vanish"]
EVER = 3600


def read(content):
    """What a reader finds in a message."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    return {
        "subject": message["Subject"],
        "sender": message["From"],
        "recipient": message["To"],
        "message_id": message["Message-ID"],
        "date": message["Date"],
        "headers": sorted(message.keys()),
        "text": message.get_body(("plain",)).get_content(),
        "files": {name: hashlib.sha256(payload).hexdigest() for name, payload in attached.items()},
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
    }


class Folder:
    """Where the messages are delivered."""

    def __init__(self, path):
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        self.count = self.open = 0

    def opened(self, by):
        """Tells how many conversations are going on: only when there are none, all is delivered that ever will be."""
        self.open += by
        (self.path / "open").write_text(str(self.open))

    def deliver(self, server, session, envelope, word):
        whole = server.transport.get_extra_info("sslcontext") is not None
        self.count += 1
        report = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": session.ssl is not None or whole,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "word": word,
            **read(envelope.original_content),
        }
        (self.path / f"{self.count}.json").write_text(json.dumps(report))
        # Who counts the messages must not find a part of one.
        draft = self.path / f".{self.count}"
        draft.write_bytes(envelope.original_content)
        draft.rename(self.path / f"{self.count}.eml")


class Handler:
    """What is answered to the commands of a conversation."""

    def __init__(self, word, folder):
        self.word, self.folder = word, folder

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.word == "refuse":
            return "550 5.1.1 nobody of that name \x07lives here"
        if self.word == "later":
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.word in ("take", "vanish", "hang", "inject"):
            self.folder.deliver(server, session, envelope, self.word)
        if self.word in ("vanish", "drop-after"):
            server.transport.abort()
        if self.word == "hang":
            await asyncio.sleep(EVER)
        if self.word == "reject":
            return "554 " + "this message is not wanted here " * 12
        if self.word == "defer":
            return "452 4.3.1 no room"
        return "250 2.0.0 taken"


class Server(SMTP):
    """One conversation, which goes as its word says."""

    def __init__(self, word, folder, **options):
        self.word, self.folder, self.counted = word, folder, False
        super().__init__(Handler(word, folder), **options)

    def connection_made(self, transport):
        super().connection_made(transport)
        # It is called again when the encryption begins.
        if not self.counted:
            self.counted = True
            self.folder.opened(1)
        if self.word == "close":
            transport.abort()

    def connection_lost(self, error):
        super().connection_lost(error)
        if self.counted:
            self.counted = False
            self.folder.opened(-1)

    async def push(self, status):
        text = status if isinstance(status, str) else status.decode()
        if self.word == "mute" and text.startswith("220 "):
            await asyncio.sleep(EVER)
        if self.word == "inject" and text.startswith("220 Ready"):
            replies = ["250 hello", "235 welcome", "250 go on", "250 go on", "354 the message", "250 taken"]
            text = "\r\n".join([text, *replies])
        if self.word == "drip" and text.startswith("220 "):
            text = "220-" + "." * EVER
            for byte in text.encode():
                self.transport.write(bytes([byte]))
                await asyncio.sleep(0.5)
        await super().push(text)

    async def smtp_DATA(self, argument):
        if self.word in ("drop-before", "drop-within"):
            if self.word == "drop-within":
                await self.push("354 go on")
                await self._reader.read(1000)
            self.transport.abort()
            return
        await super().smtp_DATA(argument)


async def serve(options):
    folder, drawn, plan = Folder(options.folder), random.Random(options.seed), list(options.plan)
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)

    def word():
        if options.seed is not None:
            return drawn.choice(DRAWN)
        return plan.pop(0) if len(plan) > 1 else plan[0]

    def conversation():
        now = word()

        def known(server, session, envelope, mechanism, login):
            if now == "deny":
                return AuthResult(success=False, handled=False, message=f"535 not {login.password.decode()}")
            right = [login.login.decode(), login.password.decode()] == options.login
            return AuthResult(success=right, auth_data=login)

        login = {"authenticator": known, "auth_required": True, "auth_require_tls": context is not None}
        more = {**(login if options.login else {}), "enable_SMTPUTF8": options.utf8}
        return Server(now, folder, hostname="localhost", tls_context=context, **more)

    whole, context = (context, None) if options.whole else (None, context)
    server = await asyncio.get_running_loop().create_server(conversation, options.host, options.port, ssl=whole)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--plan", nargs="+", choices=WORDS, default=["take"])
    parser.add_argument("--seed", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--whole", action="store_true", help="encrypted from the first byte")
    parser.add_argument("--utf8", action="store_true", help="takes addresses in all letters")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--login", nargs=2)
    options = parser.parse_args()
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
