"""aiosmtpd, a mail server that shares no code with ours, on a free port of 127.0.0.1.

Each line of standard output is JSON: first on which port it listens, then each letter that it took. It ends with its standard input.
"""

import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


def say(**line):
    print(json.dumps(line), flush=True)


class Letters:
    """Takes every letter, after it has refused as many recipients as it was told to, by their addresses as servers do."""

    def __init__(self, refuse, times):
        self.refuse, self.times = refuse, times

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.times > 0:
            self.times -= 1
            return f"{self.refuse} <{address}> is not served here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 a recipient"

    async def handle_DATA(self, server, session, envelope):
        tls = server.transport.get_extra_info("ssl_object")
        say(
            tls=tls.version() if tls else None,
            login=session.auth_data.login.decode(),
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            content=envelope.content.decode(),
        )
        return "250 2.0.0 taken"


async def serve(asked):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(asked.certificate, asked.key)
    letters = Letters(asked.refuse, asked.times)

    def knows(server, session, envelope, mechanism, given):
        known = (given.login.decode(), given.password.decode()) == (asked.user, asked.password)
        return AuthResult(success=known, handled=False, auth_data=given)

    # Of what is encrypted from the first byte aiosmtpd does not know that it is, and would offer no login.
    from_the_start = asked.tls == "implicit"
    encrypting = {"auth_require_tls": False} if from_the_start else {"tls_context": context, "require_starttls": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            letters, loop=loop, hostname="localhost", auth_required=True, authenticator=knows, **encrypting
        ),
        "127.0.0.1",
        0,
        ssl=context if from_the_start else None,
    )
    say(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["implicit", "starttls"], required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--refuse", type=int, default=550, help="the code by which recipients are refused")
    parser.add_argument("--times", type=int, default=0, help="how many of them are")
    asyncio.run(serve(parser.parse_args()))


main()
