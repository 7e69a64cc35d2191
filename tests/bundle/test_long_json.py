"""A long list in a JSON object is read an element at a time, as strictly as all of it would be."""

import io
import json

import pytest

from requests_portal.bundle.long_json import LongObject

SAID = {"format": "one/1", "bates": ["HH-1", "HH-2"], "volume": 1, "discrepancies": [], "name": "Zoë \U0001f399 \\ “x”"}
FILES = [{"filename": f"{number}.wav", "size": number, "seconds": None, "no": -1.5} for number in range(40)]


def read(text: str, *, at_once: int = 1 << 20) -> tuple[dict, list]:
    file = io.BytesIO(text.encode())
    found = LongObject(lambda length: file.read(min(length, at_once)), last="files")
    return found.head, list(found.elements())


@pytest.mark.parametrize("at_once", [1, 2, 7, 1 << 20])
@pytest.mark.parametrize("indent", [None, 1])
def test_it_reads_what_json_reads_wherever_the_pieces_end(at_once, indent):
    text = json.dumps(SAID | {"files": FILES}, indent=indent, ensure_ascii=False)

    assert read(text, at_once=at_once) == (SAID, FILES)


def test_numbers_at_the_end_of_a_piece_are_read_to_their_end():
    assert read('{"files": [12, 345]}', at_once=1) == ({}, [12, 345])


def test_no_element_is_read_before_it_is_asked_for():
    text = json.dumps({"files": [{"name": "x" * 100_000} for _ in range(50)]})
    file = io.BytesIO(text.encode())

    found = LongObject(file.read, last="files")
    next(found.elements())

    assert file.tell() < len(text) / 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"files": {}}',
        '{"files": 1}',
        '{"format": 1, "format": 2, "files": []}',
        '{"files": [{"size": 1, "size": 2}]}',
        '{"files": [], "format": 1}',
        '{"files": [1,]}',
        '{"files": [1 2]}',
        '{"files": [1]',
        '{"files": []} {}',
        '{1: 2, "files": []}',
        '{"format" 1, "files": []}',
        '{"files": [nul]}',
    ],
)
def test_what_is_not_such_an_object_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read(text)
