"""Addresses of messages: what a mail address and a webhook may look like."""

import ipaddress
import re
from urllib.parse import urlsplit

MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
LONGEST_MAIL, LONGEST_WEBHOOK = 254, 300


def is_mail_address(text: str) -> bool:
    """Whether it is one plain mail address, and nothing that could be two or more than an address."""
    return len(text) <= LONGEST_MAIL and MAIL.fullmatch(text) is not None and ".." not in text


def is_webhook_address(text: str) -> bool:
    """Whether it is an https address; http is for this machine alone."""
    if len(text) > LONGEST_WEBHOOK or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.fragment or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
