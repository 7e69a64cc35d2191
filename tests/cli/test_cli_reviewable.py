"""`desk catalogue reviewable`: recordings that people may review, and none of who wants no human review."""

from contextlib import closing

import pytest
from a_house import NOW, a_recording
from click.testing import CliRunner

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.days import now
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read

JUNIPER, MARLOW = "A-88310-4", "A-51862-3"


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.toml"
    demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example").write(path)
    with closing(open_desk(read(path))) as desk, desk.outside.unit_of_work() as work:
        work.catalogue.add([a_recording("j", NOW, account=JUNIPER), a_recording("m", NOW, account=MARLOW)])
    return path


def named(settings, *more):
    answer = CliRunner().invoke(main, ["catalogue", "reviewable", "--settings", str(settings), *more])
    assert answer.exit_code == 0, answer.output
    return answer.stdout.split()


def test_each_line_is_one_recording_and_none_of_who_wants_no_review(settings):
    before = named(settings)
    with closing(open_desk(read(settings))) as desk, desk.outside.unit_of_work() as work:
        work.review_choices.choose(JUNIPER, reviewed=False, at=now())

    assert len(before) == 2
    assert named(settings) == before[1:]


def test_a_list_ends_and_goes_on_where_it_is_told_to(settings):
    first, second = named(settings)

    assert named(settings, "--most", "1") == [first]
    assert named(settings, "--after", first) == [second]
    assert named(settings, "--after", second) == []
