"""A book of one rule, in order as it stands; tests break it or change it line by line."""

from legal_rules.edition import Edition, shipped

UNSIGNED = """id       = "any-unsigned"
title    = "A paper that nobody signed compels nothing"
cite     = ["Fed. R. Crim. P. 41(e)(2)"]
basis    = "law"
kind     = "raise"
checked  = { on = 2026-05-01, confidence = "read" }
in_force = { from = 2020-01-01 }
ground   = "UNSIGNED"
when     = [
    "a legal demand",   # not a person's request
    "paper is not signed",
]
then     = "object"
narrow   = ["hold everything"]
remedy   = "Have it signed."
letter   = "objection_unsigned"
given    = { track = "legal_demand", signed = false, process = "search_warrant", issuer = "us_state" }

[[unless]]
label = "emergency"
cite  = "18 U.S.C. § 2702(b)(8)"
when  = ["process is an emergency request"]

[[unless]]
label = "a federal emergency"
cite  = "18 U.S.C. § 2702(b)(8)"
when  = ["issuer is federal"]
then  = "clarify"
exception_to = "emergency"

[[case]]
name   = "a warrant without a signature"
expect = "object"

[[case]]
name   = "the same warrant, signed"
facts  = { signed = true }
expect = "clear"

[[case]]
name   = "a person signs nothing"
facts  = { track = "data_subject" }
expect = "clear"

[[case]]
name   = "an emergency request comes without"
facts  = { process = "emergency_request" }
expect = "clear"

[[case]]
name   = "a federal one is asked about"
facts  = { process = "emergency_request", issuer = "us_federal" }
expect = "clarify"

[[case]]
name   = "a federal warrant"
facts  = { issuer = "us_federal" }
expect = "object"

[[case]]
name   = "the day before"
on     = 2019-12-31
expect = "clear"
"""
SIGNED = UNSIGNED.replace('"any-unsigned"', '"any-signed"')
MATRIX = """[search_warrant]
audio = "18 U.S.C. § 2703(a)"
"""
SHIPPED = shipped().files
BASE = {"any/unsigned.toml": UNSIGNED, "us/matrix.toml": MATRIX, "house_policy.toml": SHIPPED["house_policy.toml"]}
PERIOD = """[[period]]
id         = "us.window"
values     = { 2009-12-01 = 14 }
unit       = "day"
basis      = "law"
cite       = ["Fed. R. Crim. P. 41(e)(2)(A)"]
confidence = "read"
"""


def edition(changed=()) -> Edition:
    """The small book with these files instead; None leaves one out."""
    return Edition({path: text for path, text in (BASE | dict(changed)).items() if text is not None}, "engine")
