"""What other people's spreadsheets make of a CSV file of ours: how its letters are read, what is run as a formula."""

# At the beginning of a file it makes them read UTF-8.
MARK = "\ufeff"
# A cell that begins so is run (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet runs as a formula; nothing for None."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
