"""One edition of the rule book: its files as they were, kept by digest, so that an old assessment can be replayed."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from legal_rules.errors import UnreadableBook

HOME = Path(__file__).parent
DATA = HOME / "data"
MATRIX = "us/matrix.toml"
SHIPPED_POLICY = "house_policy.toml"
# The company's own file, laid over the shipped policy.
COMPANY_POLICY = "company_policy.toml"
PERIODS = "periods.toml"
_CASES = "\n[[case]]"
_EXCEPTIONS = "\n[[unless]]"


@dataclass(frozen=True)
class Edition:
    """The text of every file by its path, and the digest of the code that gives the files' words their meaning."""

    files: Mapping[str, str]
    engine: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 over paths, texts and engine, in hexadecimal: the same edition always has the same."""
        whole = hashlib.sha256(self.engine.encode())
        for path, text in sorted(self.files.items()):
            content = text.encode()
            whole.update(f"\0{path}\0{len(content)}\0".encode())
            whole.update(content)
        return whole.hexdigest()

    @property
    def runs_here(self) -> bool:
        """Whether this engine gives its words the meaning they had."""
        return self.engine == engine()

    def table(self, path: str) -> dict[str, Any]:
        """One file as TOML; raises UnreadableBook naming it."""
        return _toml(path, self.files[path])

    def rules(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each rule file's path and TOML in order of paths, without its cases, which only readers and tests need."""
        for path in self.rule_paths:
            head, _, cases = self.files[path].partition(_CASES)
            if _EXCEPTIONS in cases:
                raise UnreadableBook(f"{path}: exceptions stand before the cases, so that none is overlooked.")
            yield path, _toml(path, head)

    def rules_with_cases(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each rule file's path and its whole TOML."""
        for path in self.rule_paths:
            yield path, self.table(path)

    def periods(self) -> list[dict[str, Any]]:
        """Every period of every file of periods, in order of paths."""
        paths = [path for path in sorted(self.files) if _name(path) == PERIODS]
        return [period for path in paths for period in self.table(path)["period"]]

    @cached_property
    def rule_paths(self) -> tuple[str, ...]:
        """The files that are rules."""
        others = {MATRIX, SHIPPED_POLICY, COMPANY_POLICY}
        return tuple(path for path in sorted(self.files) if path not in others and _name(path) != PERIODS)


def shipped(policy: Path | None = None, data: Path = DATA) -> Edition:
    """The edition in a folder of rule files, with a company's policy file; raises UnreadableBook or OSError."""
    files = {path.relative_to(data).as_posix(): _text(path) for path in sorted(data.rglob("*.toml"))}
    if policy is not None:
        files[COMPANY_POLICY] = _text(policy)
    return Edition(files, engine())


# They tell of a book and of what it answered, and change neither.
_TELLING = frozenset({"difference.py", "form.py", "lint.py", "places.py", "proof.py", "telling.py", "why.py"})


@cache
def engine() -> str:
    """The SHA-256 of the code that reads rules and weighs requests, in hexadecimal."""
    whole = hashlib.sha256()
    for path in sorted(path for path in HOME.rglob("*.py") if path.name not in _TELLING):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(HOME).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as broken:
        raise UnreadableBook(f"{path.name}: not UTF-8 text.") from broken


def _toml(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise UnreadableBook(f"{path}: {broken}") from broken
