"""Where a request comes from, as far as that can be believed, and how often something was tried from there."""

import hmac
import ipaddress
from collections.abc import Sequence

from flask import request

from requests_portal.web.portal import the_portal
from requests_portal.work.limit import Limit, TooMany, allows

SIGN_IN = Limit(kind="sign_in", most=120)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def count_try(limit: Limit = SIGN_IN) -> None:
    """Count a try of whoever is at this address, and refuse where there were too many."""
    if not is_allowed(limit, client_address(request.remote_addr, request.access_route, the_portal().trusted_proxies)):
        raise TooMany


def is_allowed(limit: Limit, whose: str) -> bool:
    """Count a try under a keyed digest, so that the tables name no address, and say whether it is allowed."""
    portal = the_portal()
    digest = hmac.digest(portal.secret_key.encode(), whose.encode(), "sha256").hex()
    with portal.outside.unit_of_work() as work:
        return allows(work, limit, digest)


def client_address(remote: str | None, route: Sequence[str], trusted: Sequence[str]) -> str:
    """The nearest address that is none of our proxies; of IPv6 the network, since each of its addresses is free.

    What stands further away in X-Forwarded-For was written by the client itself and is not looked at.
    """
    networks = [ipaddress.ip_network(each) for each in trusted]
    nearest = _parsed(remote)
    if nearest is None or not any(nearest in each for each in networks):
        return _named(nearest)
    for each in reversed(route):
        nearest = _parsed(each)
        if nearest is None or not any(nearest in network for network in networks):
            break
    return _named(nearest)


def _parsed(text: str | None) -> Address | None:
    try:
        found = ipaddress.ip_address((text or "").strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _named(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address or "nowhere")
