import pytest
from bundle_samples import Key, a_key


@pytest.fixture(scope="session")
def key() -> Key:
    return a_key("Harbor Home Legal Response")


@pytest.fixture(scope="session")
def foreign_key() -> Key:
    return a_key("Somebody Else")
