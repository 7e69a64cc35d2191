"""Look-alike domains: names that a person reads as another, told by a small table of letters and a few slips."""

import unicodedata
from dataclasses import dataclass

import idna
from publicsuffixlist import PublicSuffixList

# Letters of other scripts, and digits, that are drawn like these: of Unicode's table those that names are forged with.
_DRAWN_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u0430\u03b1\u0251", "a"),
        **dict.fromkeys("\u0441\u03f2\u217d", "c"),
        **dict.fromkeys("\u0501\u217e\u0257", "d"),
        **dict.fromkeys("\u0435\u0454\u04bd3", "e"),
        **dict.fromkeys("\u0261\u0581", "g"),
        **dict.fromkeys("\u04bb\u0570", "h"),
        **dict.fromkeys("\u0456\u0131\u03b9\u02691l\u04cf\u217c", "i"),
        **dict.fromkeys("\u0458\u03f3", "j"),
        **dict.fromkeys("\u03ba\u043a\u2c95", "k"),
        **dict.fromkeys("\u043c\u217f", "m"),
        **dict.fromkeys("\u0578\u043f", "n"),
        **dict.fromkeys("\u043e\u03bf\u05850", "o"),
        **dict.fromkeys("\u0440\u03c1", "p"),
        **dict.fromkeys("\u051b", "q"),
        **dict.fromkeys("\u0433\u1d26", "r"),
        **dict.fromkeys("\u0455\ua7315", "s"),
        **dict.fromkeys("\u0442\u03c4", "t"),
        **dict.fromkeys("\u03c5\u057d\u0446", "u"),
        **dict.fromkeys("\u0475\u03bd", "v"),
        **dict.fromkeys("\u051d\u03c9", "w"),
        **dict.fromkeys("\u0445\u03c7", "x"),
        **dict.fromkeys("\u0443\u04af\u03b3", "y"),
    }
)
_TOGETHER = (("rn", "m"), ("vv", "w"), ("cl", "d"))
# A shorter name is too near to many another.
SHORT, LONG = 6, 11
_SUFFIXES = PublicSuffixList()


@dataclass(frozen=True, kw_only=True)
class Lookalike:
    """The domain that a host reads like, and in which way."""

    domain: str
    way: str


def looks_like(host: str, domain: str) -> Lookalike | None:
    """In which way a host, in ASCII, reads like a domain that it neither is nor lies under; None where it does not."""
    if host == domain or host.endswith(f".{domain}"):
        return None
    written = ".".join(host.split(".")[-len(domain.split(".")) :])
    way = _way(host, written, domain)
    return None if way is None else Lookalike(domain=domain, way=way)


def as_read(host: str) -> str:
    """The host in the letters that a person sees."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def organisational(host: str) -> str:
    """The domain that somebody registered, by the public suffix list; the host itself where there is none."""
    return str(_SUFFIXES.privatesuffix(host) or host)


def is_public_suffix(host: str) -> bool:
    """Whether everybody may register names under this one."""
    return _SUFFIXES.privatesuffix(host) is None


def _way(host: str, written: str, domain: str) -> str | None:
    if _drawn(written) == _drawn(domain):
        return "its letters are drawn alike"
    if f".{domain}." in f".{host}." or domain.replace(".", "-") in host:
        return "it has that name within another domain"
    own, theirs = _core(host), _core(domain)
    if own == theirs and own:
        return "it is the same name under another ending"
    if own.replace("-", "") == theirs.replace("-", "") and len(theirs) >= SHORT:
        return "only hyphens differ"
    near = 2 if len(theirs) >= LONG else 1 if len(theirs) >= SHORT else 0
    if near and _drawn(own) != _drawn(theirs) and _within(_drawn(own), _drawn(theirs), near):
        return "it differs by a letter or two"
    return "its letters are drawn alike" if own and _drawn(own) == _drawn(theirs) else None


def _core(host: str) -> str:
    """A name without the ending under which everybody may register."""
    suffix = _SUFFIXES.publicsuffix(host) or ""
    return host.removesuffix(f".{suffix}") if suffix != host else ""


def _drawn(host: str) -> str:
    """What a person sees of a name, whatever it is written in."""
    plain = unicodedata.normalize("NFKD", as_read(host).casefold())
    seen = "".join(each for each in plain if not unicodedata.combining(each)).translate(_DRAWN_ALIKE)
    for two, one in _TOGETHER:
        seen = seen.replace(two, one)
    return seen


def _within(one: str, other: str, most: int) -> bool:
    """Whether so many letters put in, left out, changed or swapped with the next turn one into the other."""
    if abs(len(one) - len(other)) > most:
        return False
    before, row = list[int](), list(range(len(other) + 1))
    for i, mine in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, theirs in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return False
    return row[-1] <= most
