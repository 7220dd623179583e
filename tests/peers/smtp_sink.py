"""A real SMTP server (aiosmtpd) that prints what it received as JSON lines, and misbehaves on request.

First line: {"event": "ready", "port": N}. Then for each mail whose content arrived:
{"event": "mail", "mail_from", "rcpt_tos", "mail_options", "tls", "login", "helo", "peer",
 "headers": [[name, text]], "raw_headers": [[name, raw]], "parts": [{"type", "charset", "encoding", "text"}],
 "raw": base64 of the bytes as sent}.

It answers "250 2.0.0 Ok: queued as SINK-<n>". With --times N a fault happens N times, then it behaves.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def arguments():
    raw_text = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw_text)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mail-answer", help='reply to MAIL FROM, such as "451 4.3.0 later"')
    parser.add_argument("--rcpt-answer", help="reply to RCPT TO")
    parser.add_argument("--data-answer", help="reply to DATA itself, before the content")
    parser.add_argument("--content-answer", help="reply to the content; the mail is printed all the same")
    parser.add_argument("--drop", choices=["before-content", "after-content"], help="close without an answer")
    parser.add_argument("--hang", choices=["before-content", "after-content"], help="never answer")
    parser.add_argument("--times", type=int, default=-1, help="how often a fault happens; -1 is always")
    parser.add_argument("--cert", help="PEM chain")
    parser.add_argument("--key", help="PEM key")
    parser.add_argument("--tls", choices=["none", "starttls", "tls"], default="none")
    parser.add_argument("--login", help="user:password that a client must log in with")
    parser.add_argument("--no-smtputf8", action="store_true")
    return parser.parse_args()


def say(record):
    print(json.dumps(record), flush=True)


class Sink:
    """aiosmtpd's handler; each fault is taken from the options while it is due."""

    def __init__(self, options):
        self.options = options
        self.left = options.times
        self.received = 0

    def due(self, name):
        value = getattr(self.options, name)
        if value is None or self.left == 0:
            return None
        self.left -= 1
        return value

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        answer = self.due("mail_answer")
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = self.due("rcpt_answer")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        self.received += 1
        say(record(server, session, envelope))
        if self.options.drop == "after-content" and self.due("drop"):
            server.transport.abort()
            return "250 2.0.0 nobody hears this"
        if self.options.hang == "after-content" and self.due("hang"):
            await asyncio.sleep(3600)
        return self.due("content_answer") or f"250 2.0.0 Ok: queued as SINK-{self.received}"


class SinkServer(SMTP):
    """Adds what aiosmtpd has no hook for: an answer to DATA before the content."""

    async def smtp_DATA(self, arg):
        sink = self.event_handler
        if sink.options.drop == "before-content" and sink.due("drop"):
            self.transport.abort()
            return
        if sink.options.hang == "before-content" and sink.due("hang"):
            await asyncio.sleep(3600)
        answer = sink.due("data_answer")
        if answer:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


def record(server, session, envelope):
    raw = envelope.original_content
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    unfolded = email.message_from_bytes(raw, policy=email.policy.compat32)
    parts = [
        {
            "type": part.get_content_type(),
            "charset": part.get_content_charset(),
            "encoding": part["content-transfer-encoding"],
            "text": part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8"),
        }
        for part in mail.walk()
        if not part.is_multipart()
    ]
    return {
        "event": "mail",
        "mail_from": envelope.mail_from,
        "rcpt_tos": envelope.rcpt_tos,
        "mail_options": envelope.mail_options,
        "tls": server.transport.get_extra_info("ssl_object") is not None,
        "login": session.auth_data.login.decode() if session.authenticated else None,
        "helo": session.host_name,
        "peer": session.peer[1],
        "headers": [[name, str(value)] for name, value in mail.items()],
        "raw_headers": [[name, str(value)] for name, value in unfolded.items()],
        "parts": parts,
        "raw": base64.b64encode(raw).decode(),
    }


def authenticator(login):
    user, _, password = login.partition(":")

    def check(server, session, envelope, mechanism, data):
        right = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=right, handled=False, auth_data=data)

    return check


async def main():
    options = arguments()
    context = None
    if options.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    sink = Sink(options)

    def server():
        return SinkServer(
            sink,
            enable_SMTPUTF8=not options.no_smtputf8,
            tls_context=context if options.tls == "starttls" else None,
            require_starttls=options.tls == "starttls",
            authenticator=authenticator(options.login) if options.login else None,
            auth_required=bool(options.login),
            # aiosmtpd counts only STARTTLS as TLS here, but TLS from the start is TLS all the same.
            auth_require_tls=options.tls == "starttls",
        )

    listening = await asyncio.get_running_loop().create_server(
        server, "127.0.0.1", options.port, ssl=context if options.tls == "tls" else None
    )
    say({"event": "ready", "port": listening.sockets[0].getsockname()[1]})
    await listening.serve_forever()


asyncio.run(main())
