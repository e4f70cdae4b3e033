"""Where messages go: an SMTP server, or a folder of `.eml` files.

A sender says one of four things of a message: it took it (no error), it did not (Refused), nobody can know (Uncertain),
or it is not to be reached at all (Away), and then there is no point in trying the next one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import smtplib
import ssl
import time
import urllib.parse
from pathlib import Path
from typing import ClassVar, Protocol

from velobind.campaign.addresses import mailbox
from velobind.campaign.message import Message
from velobind.errors import ConfigError, DataError, VelobindError

_SECONDS = 60.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Refused(Exception):
    """The message was surely not taken; the text says why."""


class Uncertain(Exception):
    """The connection broke after the message was handed over and before an answer came."""


class Away(VelobindError):
    """The destination cannot be reached; whatever was not sent yet can be sent later."""


class Sender(Protocol):
    """Takes messages. Where `repeatable`, sending one again leaves the same as sending it once."""

    repeatable: ClassVar[bool]

    def send(self, message: Message, key: str) -> None:
        """Hand the message over. Raises Refused, Uncertain or Away."""

    def close(self) -> None: ...


class Folder:
    """Writes each message as a file `<contact>.eml`, whole or not at all."""

    repeatable: ClassVar[bool] = True

    def __init__(self, path: Path) -> None:
        """Raises DataError where the folder cannot be made."""
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{path}: {error.strerror or error}") from error

    def send(self, message: Message, key: str) -> None:
        name = re.sub(r"[^A-Za-z0-9@._+-]", "_", key.partition(":")[2])[:80]
        # A digest keeps apart what looks the same once unusual characters are gone.
        target = self.path / f"{name}-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.eml"
        part = target.with_suffix(".part")
        try:
            part.write_bytes(message.as_email().as_bytes())
            part.replace(target)
        except OSError as error:
            raise Away(f"{target}: {error.strerror or error}", hint="what was sent before is kept") from error

    def close(self) -> None:
        return


class Smtp:
    """Hands messages to an SMTP server over one connection, opened when needed and again when it breaks.

    `url` is `smtp://user:password@host:port` or `smtps://...`. With `smtp` the connection is encrypted where the server
    offers it; `?tls=off` forbids that, `?tls=require` insists. A password is never sent over a connection that is not
    encrypted, but to this machine.
    """

    repeatable: ClassVar[bool] = False

    def __init__(self, url: str, *, attempts: int = 5, pause: float = 1.0) -> None:
        """Raises ConfigError for what is no such address; its text is not repeated, since it may hold a password."""
        hint = "write it as smtp://user@host:587, or smtps://user@host:465"
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError:
            raise ConfigError("the address of the mail server is not one", hint=hint) from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ConfigError("the address of the mail server is not one", hint=hint)
        self._host = parts.hostname
        self._secure = parts.scheme == "smtps"
        self._port = port or (465 if self._secure else 587 if parts.username else 25)
        self._tls = dict(urllib.parse.parse_qsl(parts.query)).get("tls", "offered")
        if self._tls not in ("off", "offered", "require"):
            raise ConfigError("tls is off or require", hint=hint)
        self._user = urllib.parse.unquote(parts.username) if parts.username else None
        self._password = urllib.parse.unquote(parts.password or "") or os.environ.get("VELOBIND_SMTP_PASSWORD", "")
        self._attempts = attempts
        self._pause = pause
        self._server: smtplib.SMTP | None = None

    def send(self, message: Message, key: str) -> None:
        if message.from_ is None or message.to is None:
            raise Refused("the message has no From" if message.from_ is None else "the contact has no address")
        email = message.as_email()
        sender, recipient = (mailbox(box).as_header().addr_spec for box in (message.from_, message.to))
        options = self._options(international=not (sender + recipient).isascii())
        # A mail's lines end in CRLF on the wire, and `data` sends bytes as they are.
        policy = email.policy.clone(linesep="\r\n")
        data = email.as_bytes(policy=policy if options else policy.clone(cte_type="7bit"))
        self._envelope(sender, recipient, options)
        assert self._server is not None
        try:
            code, said = self._server.data(data)
        except smtplib.SMTPDataError as error:  # the answer to DATA itself: nothing was handed over
            self._reset()
            raise Refused(_said(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Uncertain(str(error) or type(error).__name__) from error
        if code != 250:
            self._reset()
            raise Refused(_said(code, said))

    def _options(self, *, international: bool) -> list[str]:
        """What to say to the server of the message's bytes. Raises Refused where it does not take such."""
        server = self._connected()
        if international and not server.has_extn("smtputf8"):
            raise Refused("the address is not ASCII, and the mail server does not take such (no SMTPUTF8)")
        options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
        return [*options, "SMTPUTF8"] if international else options

    def _envelope(self, sender: str, recipient: str, options: list[str]) -> None:
        """Name sender and recipient. Until then nothing is handed over, so a broken connection is simply made anew."""
        for attempt in range(1, self._attempts + 1):
            server = self._connected()
            try:
                code, said = server.mail(sender, options)
                if code == 250:
                    code, said = server.rcpt(recipient)
                if code in (250, 251):
                    return
                if code != 421:  # 421: the server closes the connection
                    self._reset()
                    raise Refused(_said(code, said))
            except smtplib.SMTPServerDisconnected:
                pass
            except (smtplib.SMTPException, OSError) as error:
                last = str(error)
                if attempt == self._attempts:
                    raise Away(f"the mail server {self._host}:{self._port}: {last}") from error
            self.close()
            time.sleep(self._pause * (attempt - 1))
        raise Away(f"the mail server {self._host}:{self._port} closes every connection")

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        place = f"the mail server {self._host}:{self._port}"
        context = ssl.create_default_context()
        last: Exception | None = None
        for attempt in range(1, self._attempts + 1):
            try:
                server: smtplib.SMTP
                if self._secure:
                    server = smtplib.SMTP_SSL(self._host, self._port, timeout=_SECONDS, context=context)
                else:
                    server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
            except ssl.SSLCertVerificationError as error:
                raise Away(f"{place}: its certificate is not trusted: {error.verify_message}") from error
            except (smtplib.SMTPException, OSError) as error:
                last = error
                if attempt < self._attempts:
                    time.sleep(self._pause * 2 ** (attempt - 1))
                continue
            try:
                self._log_in(server, context, place)
            except BaseException:
                server.close()
                raise
            self._server = server
            return server
        raise Away(f"{place} is not reached: {last}", hint="does it run, and are host and port right?") from last

    def _log_in(self, server: smtplib.SMTP, context: ssl.SSLContext, place: str) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            encrypted = self._secure
            if not encrypted and self._tls != "off" and (server.has_extn("starttls") or self._tls == "require"):
                server.starttls(context=context)
                server.ehlo()
                encrypted = True
            if self._user is not None:
                if not encrypted and self._host not in _LOOPBACK:
                    raise Away(f"{place} offers no encryption, and a password is not sent without", hint="use smtps://")
                server.login(self._user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            raise Away(f"{place} refuses the login: {_said(error.smtp_code, error.smtp_error)}") from None
        except ssl.SSLCertVerificationError as error:
            raise Away(f"{place}: its certificate is not trusted: {error.verify_message}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Away(f"{place}: {error}") from error

    def _reset(self) -> None:
        assert self._server is not None
        try:
            self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()
            self._server = None


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"
