"""Takes a picture of every screen, light and dark, on a sample shop.

Usage: screenshots.py FOLDER
"""

import json
import random
import sqlite3
import sys
import tempfile
from pathlib import Path

from display import Display
from program import KEY, Program, Retell, payload

SIZE = (1280, 800)
SAMPLE = json.loads((Path(__file__).parent / "sample.json").read_text())
MINUTE_MS = 60_000


def main(folder):
    # Room for the frame that the window manager draws around the window.
    with Display(SIZE[0] + 40, SIZE[1] + 60) as display, tempfile.TemporaryDirectory() as home:
        program = Program(display, Path(home) / "Switchboard", folder, port=8787)
        program.home.mkdir()
        (program.home / "routing.json").write_text(json.dumps(SAMPLE["table"]))
        fill(program)
        for theme in ("light", "dark"):
            settings = {"format": 1, "theme": theme, "guided_start": "done"}
            (program.home / "settings.json").write_text(json.dumps(settings))
            window = program.start()
            window.resize(*SIZE)
            shoot(window, theme)
            program.stop()
    print(f"the pictures are in {folder}")


def fill(program):
    """Sets the key, answers the sample's calls, and leaves a change to be published."""
    window = program.start()
    window.click("Settings", "page tab")
    window.fill("Paste your API key", KEY, "password text")
    window.click("Save the API key")
    window.find(contains="Answering calls")
    retell = Retell(program)
    for call in SAMPLE["calls"]:
        status, answer = retell.call(payload(*call))
        assert status == 200, answer
    retell.call(payload(*SAMPLE["calls"][0]), key=None)
    retell.call(payload(*SAMPLE["calls"][0]), key="key_from_another_account")
    retell.close()
    window.click("Routes", "page tab")
    window.click("Greeting is on")
    window.find(contains="draft has 1 change")
    program.stop()
    spread(program.home / "calls.sqlite3")


def spread(log):
    """Moves the calls apart, as if the day had brought them: only when they came is made up."""
    times = random.Random(7)
    with sqlite3.connect(log) as database:
        ago = 0
        for (call,) in database.execute("SELECT id FROM calls ORDER BY id DESC").fetchall():
            ago += round(times.expovariate(1 / 9) * MINUTE_MS) + MINUTE_MS // 2
            database.execute("UPDATE calls SET at_ms = at_ms - ? WHERE id = ?", (ago, call))
    database.close()


def shoot(window, theme):
    """Walks through the screens."""

    def picture(name):
        window.rest()
        window.picture(f"{name}-{theme}")

    window.find("Rule 1: Block list")
    picture("routes")
    window.click("Rule 5: Office hours")
    window.find("Edit rule")
    picture("rule")
    close_editor(window)
    window.click("Schedules…")
    window.click("Edit Office hours")
    picture("schedules")
    window.click("Try a call", "page tab")
    window.fill("Caller", SAMPLE["tried"], "entry")
    window.find(contains="VIP")
    picture("try-a-call")
    window.click("Calls", "page tab")
    window.find(contains=f"Answered ({len(SAMPLE['calls'])})")
    picture("calls")
    window.click(role="list item", contains="VIP")
    window.find("How it was decided")
    picture("call")
    window.click(contains="Refused (")
    picture("refused")
    for screen, name in [("Lines & agents", "lines-and-agents"), ("Plugins", "plugins"), ("Settings", "settings")]:
        window.click(screen, "page tab")
        window.find(screen, "label")
        picture(name)


def close_editor(window):
    """Closes the editor, whichever form it has at this size."""
    window.click(next(name for name in ("Back to routes", "Close the editor") if window.all(name)))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
