"""Where somebody goes on to after signing in: to a page of ours."""


def safe_next(asked: str) -> str:
    """The address to go on to, if it is one of ours; else the first page. Nobody can send a visitor elsewhere.

    One slash begins a path of ours. Browsers read a second one, or a backslash, as the name of another host, and
    drop tabs and line ends in between.
    """
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if ours else "/"
