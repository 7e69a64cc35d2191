import pytest
from a_log import KeyInMemory, Log, an_entry

from requests_portal.audit_log.entry import encode


@pytest.fixture
def log() -> Log:
    return Log(key=KeyInMemory(7), entries=[encode(an_entry(number)) for number in range(23)])
