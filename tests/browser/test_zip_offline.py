"""The ZIP of a production, unpacked into a folder and opened without any server or network."""

import io
import zipfile

import pytest

NARROW, PHONE, WIDE = 320, 390, 1320
PLAYS = "a => new Promise(done => { a.oncanplay = () => done(a.duration); a.onerror = () => done(0); a.load(); })"


@pytest.fixture(scope="module")
def folder(demo, examples, tmp_path_factory):
    """What a customer unpacks."""
    answer = demo.visitor("kaethe").get(f"{examples.given}/everything.zip")
    place = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(io.BytesIO(answer.body)).extractall(place)
    return place


@pytest.fixture
def opened(chromium, folder):
    contexts = []

    def open_it(*, scripts=True, width=WIDE):
        context = chromium.new_context(
            offline=True, java_script_enabled=scripts, viewport={"width": width, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        return page

    yield open_it
    for context in contexts:
        context.close()


def shown(page):
    return page.locator("article[data-day]:visible")


def test_it_lists_searches_and_plays_from_a_folder(opened):
    page = opened()
    everything = shown(page).count()
    number = page.locator("article[data-day] .small").first.inner_text().split("·")[1].strip()

    page.get_by_label("Find words, a number or a fingerprint").fill(number)
    found = shown(page).count()
    page.get_by_label("Find words, a number or a fingerprint").fill("no such words anywhere")
    nothing = shown(page).count()

    assert (everything > 1, found, nothing) == (True, 1, 0)
    assert page.get_by_role("status").inner_text() == f"0 of {everything} recordings"
    page.get_by_label("Find words, a number or a fingerprint").fill("")
    assert page.locator("audio").first.evaluate(PLAYS) > 0


def test_days_and_devices_narrow_the_list(opened):
    page = opened()
    days = sorted(at.get_attribute("data-day") for at in page.locator("article[data-day]").all())

    page.get_by_label("From day").fill(days[-1])

    assert shown(page).count() == days.count(days[-1])
    page.get_by_label("Device").select_option(index=1)
    device = page.get_by_label("Device").input_value()
    assert {at.get_attribute("data-device") for at in shown(page).all()} <= {device}


def test_without_scripts_everything_is_listed_and_no_search_is_promised(opened):
    page = opened(scripts=False)

    assert shown(page).count() > 1
    assert not page.locator("#search").is_visible()


def test_it_is_whole_at_every_width_and_axe_finds_no_fault(opened):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 — only where there is a browser

    page = opened()

    for width in (WIDE, PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []


def test_every_file_it_names_is_there_and_nothing_else_is_named(folder, opened):
    page = opened()

    named = page.eval_on_selector_all(
        "[src], [href]", "all => all.map(at => at.getAttribute('src') || at.getAttribute('href'))"
    )

    assert [name for name in named if not (folder / name).is_file()] == []
    lines = (folder / "loadfile.dat").read_text(encoding="utf-8").splitlines()
    paths = [line.split("\x14")[8].strip("þ") for line in lines[1:]]
    assert [path for path in paths if not (folder / path).is_file()] == []
    assert len(paths) == len(set(paths)) > 1
