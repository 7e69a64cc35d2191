"""A lawyer reviews a recording in a browser: listens, silences a part and undoes it, with keys and without."""

import pytest
from test_every_page import objections


@pytest.fixture
def recording(examples):
    """A recording on which somebody besides the account holder is heard."""
    return examples.recording


def grant(page, recording):
    """Say what for, where no earlier story of hers has."""
    page.goto(recording)
    if page.locator("audio").count():
        return
    page.get_by_label("Find other people's speech").check()
    page.get_by_role("button", name="Grant me to listen").click()
    page.locator("audio").wait_for()


def without_marks(page):
    """Take away what an earlier story marked."""
    while page.get_by_role("button", name="Remove").count():
        page.get_by_role("button", name="Remove").first.click()
        page.wait_for_load_state()


def parts(page):
    return page.locator("fieldset.silence:not(.new)").count()


def pressed(page, key):
    """Press a key that sends the form, and wait for the page that comes back."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "with scripts off"])
def test_a_part_is_marked_and_the_change_undone_with_buttons_alone(browse, recording, scripts):
    maya = browse("maya", scripts=scripts, width=390)
    grant(maya, recording)
    without_marks(maya)

    maya.locator("[name=new-start]").fill("0.25")
    maya.locator("[name=new-end]").fill("1.5")
    maya.locator("[name=new-reason]").fill("A child speaks")
    maya.get_by_role("button", name="Add", exact=True).click()
    maya.locator("[name=start]").wait_for()

    assert maya.locator("[name=start]").input_value() == "0.25"
    assert maya.locator(".wave-silenced").count() == 1
    maya.get_by_role("button", name="Undo the last change").click()
    maya.locator("[name=start]").wait_for(state="detached")
    assert parts(maya) == 0
    maya.get_by_role("button", name="Propose from the speaker marks").click()
    maya.locator("[name=start]").first.wait_for()
    assert parts(maya) >= 1


def test_a_part_is_heard_marked_and_undone_with_the_keyboard_alone(browse, recording):
    maya = browse("maya")
    grant(maya, recording)
    without_marks(maya)
    # A fresh page, with the focus on nothing.
    maya.goto(recording)

    maya.keyboard.press("[")
    maya.keyboard.press(" ")
    maya.locator("audio").evaluate("sound => new Promise(on => setInterval(() => sound.currentTime > 0.5 && on(), 50))")
    maya.keyboard.press(" ")
    assert maya.evaluate("document.querySelector('audio').paused")
    maya.keyboard.press("]")
    heard = float(maya.locator("[name=new-end]").input_value())
    pressed(maya, "s")

    assert heard > 0.5
    assert float(maya.locator("[name=end]").input_value()) == heard
    # The place where it played is still there after the page came back.
    assert abs(maya.evaluate("document.querySelector('audio').currentTime") - heard) < 0.02
    pressed(maya, "u")
    assert parts(maya) == 0


def test_the_keys_can_be_switched_off_and_never_take_what_is_typed(browse, recording):
    maya = browse("maya")
    grant(maya, recording)

    maya.locator("[name=new-reason]").fill("")
    maya.locator("[name=new-reason]").press_sequentially("u s [")
    assert maya.locator("[name=new-reason]").input_value() == "u s ["

    maya.goto("/keyboard")
    maya.get_by_label("Keyboard shortcuts are on").uncheck()
    maya.goto(recording)
    maya.keyboard.press("[")
    assert maya.locator("[name=new-start]").input_value() == ""


def test_the_page_with_its_player_has_nothing_to_object_to(browse, recording):
    maya = browse("maya")
    grant(maya, recording)

    assert list(objections(maya, recording)) == []
