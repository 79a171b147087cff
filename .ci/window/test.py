"""A person's first half hour with Switchboard, on a real window: from a fresh folder to a routed call.

Usage: test.py FOLDER_FOR_PICTURES
"""

import json
import sys
import tempfile
from pathlib import Path

from display import Display, wait_for
from program import KEY, Program, Retell, payload
from story import tell

MAIN_LINE = "+14155550123"
CALLER = "+12137771234"


def main(pictures):
    with Display(1280, 800) as display, tempfile.TemporaryDirectory() as home:
        program = Program(display, Path(home), pictures)
        tell(Story(program), program)


class Story:
    """What is done, step by step. Each step's words are printed."""

    def __init__(self, program):
        self.program = program
        self.window = None
        self.retell = None

    def picture(self, name):
        self.program.window.picture(name)

    def steps(self):
        return [
            self.open,
            self.leave_the_guided_start,
            self.paste_the_key,
            self.add_a_line,
            self.add_two_agents,
            self.add_the_first_rule,
            self.add_the_second_rule,
            self.add_the_third_rule,
            self.reorder_by_dragging,
            self.reorder_by_keys,
            self.set_the_fallback,
            self.publish,
            self.call,
            self.refuse,
            self.restart,
            self.call_again,
        ]

    def open(self):
        """The window opens on a fresh folder, listening"""
        self.window = self.program.start()
        self.retell = Retell(self.program)
        self.window.find("Routes", "page tab")
        assert self.retell.call(payload(CALLER, MAIN_LINE)) == (401, ""), "there is no key yet"

    def leave_the_guided_start(self):
        """The guided start opens on it, and is left for later"""
        self.window.find("Your Retell API key, to do", "page tab")
        self.window.find(contains="Practice mode")
        self.window.click("Go on with this later")
        self.window.find("Guided start, 0 of 6 steps done")
        self.window.find(contains="Add the first rule")

    def paste_the_key(self):
        """Paste the API key in Settings"""
        self.window.click("Settings", "page tab")
        # With the blanks that copying brings along.
        self.window.fill("Paste your API key", f"  {KEY} ", "password text")
        self.window.click("Save the API key")
        self.window.find(contains=f"Answering calls on port {self.program.port}")

    def add_a_line(self):
        """Add a line"""
        self.window.click("Lines & agents", "page tab")
        self.window.click(contains="Add your first line")
        self.window.fill("Name", "Main line", "entry")
        self.window.fill("Phone number", "(415) 555-0123", "entry")
        self.window.click("Save", "push button")
        self.window.find(contains="(415) 555-0123")

    def add_two_agents(self):
        """Add two agents"""
        for button, name, retell_id in [
            ("Add your first agent", "Reception", "agent_reception1"),
            ("Add an agent", "Night desk", "agent_night2"),
        ]:
            self.window.click(contains=button)
            self.window.fill("Name", name, "entry")
            self.window.fill("Agent ID at Retell", retell_id, "entry")
            self.window.click("Save", "push button")
            self.window.find(contains=retell_id)

    def add_the_first_rule(self):
        """Add a rule for calls to a line, by mouse"""
        self.window.click("Routes", "page tab")
        self._name_new_rule("Add the first rule", "Office")
        self._condition("Line called")
        self.window.find("Holds when the call is to Main line")  # the only line there is, chosen already
        self._answered_by("Reception")
        self._back()

    def add_the_second_rule(self):
        """Add a rule for one caller, by mouse and keyboard"""
        self._name_new_rule("Add a rule", "Old friend")
        self._condition("Caller's number")
        self.window.fill("Numbers", "213 777 1234", "entry")
        self.window.find(contains="(213) 777-1234")
        self._answered_by("Night desk")
        self._back()

    def add_the_third_rule(self):
        """Add a rule that rejects withheld numbers, opened by keys"""
        self.window.key("ctrl+n")
        self.window.find("Name", "entry")
        self.window.type("No caller id")
        self._condition("Number withheld")
        self.window.click("Reject", "radio button")
        self._back()
        self._order("Office", "Old friend", "No caller id")

    def reorder_by_dragging(self):
        """Drag the last rule to the top"""
        start = self.window.find("Drag No caller id").middle
        top = self.window.find("Drag Office").middle
        self.window.drag(start, (top[0], top[1] - 12))
        self._order("No caller id", "Office", "Old friend")

    def reorder_by_keys(self):
        """Move a rule up with Alt+Up"""
        self.window.focus("Rule 3: Old friend")
        self.window.key("alt+Up")
        self._order("No caller id", "Old friend", "Office")

    def set_the_fallback(self):
        """Set the fallback"""
        self.window.click("Fallback: all other calls")
        self.window.click("Connect", "radio button")
        self._agent("Reception")
        self._back()

    def publish(self):
        """Publish"""
        self.window.find(contains="draft has")
        self.window.click("Publish", "push button")
        self.window.find("Publish now")
        self.window.picture("11-publish-dialog")
        self.window.click("Publish now")
        self.window.find(contains="Live v2")
        self.window.find(contains="no unpublished changes")

    def call(self):
        """A request signed by the official SDK is answered by the table, and shown"""
        self.window.click("Calls", "page tab")
        status, answer = self.retell.call(payload(CALLER, MAIN_LINE))
        assert (status, json.loads(answer)) == (200, connect("agent_night2")), (status, answer)
        row = self.window.find(role="list item", contains="Old friend", patience=2)
        for word in ["(213) 777-1234", "Main line", "Old friend", "Night desk"]:
            assert word in row.name, f"{word} is not in: {row.name}"
        status, answer = self.retell.call(payload("+14155552671", MAIN_LINE))
        assert (status, json.loads(answer)) == (200, connect("agent_reception1")), (status, answer)
        status, answer = self.retell.call(payload("anonymous", MAIN_LINE))
        assert (status, json.loads(answer)) == (200, {"call_inbound": {}}), (status, answer)
        self.window.click(contains="(213) 777-1234", role="list item")
        self.window.find("How it was decided")

    def refuse(self):
        """Unsigned and wrongly signed requests are refused, with the reason in words"""
        body = payload(CALLER, MAIN_LINE)
        assert self.retell.call(body, key=None) == (401, "")
        assert self.retell.call(body, key="key_of_someone_else") == (401, "")
        self.window.click(contains="Refused (")
        self.window.find(contains="is not signed")
        self.window.find(contains="does not fit")

    def restart(self):
        """Close the window and start again: the version, the rules and the calls are still there"""
        self.program.stop()
        self.window = self.program.start()
        self.window.find(contains="Live v2")
        self.window.find(contains="no unpublished changes")
        self._order("No caller id", "Old friend", "Office")

    def call_again(self):
        """The published table answers after the restart"""
        status, answer = self.retell.call(payload(CALLER, MAIN_LINE))
        assert (status, json.loads(answer)) == (200, connect("agent_night2")), (status, answer)
        self.retell.close()
        self.window.click("Calls", "page tab")
        self.window.find("Answered (4)")

    def _name_new_rule(self, button, name):
        self.window.click(button, "push button")
        self.window.find("Name", "entry")
        self.window.type(name)  # the name is selected, to be typed over

    def _condition(self, title):
        self.window.click("Add a condition", "push button")
        self.window.click(title)

    def _answered_by(self, agent):
        self.window.click("Connect", "radio button")
        self._agent(agent)

    def _agent(self, agent):
        self.window.click("Agent", "combo box")
        self.window.click(agent)

    def _back(self):
        """Closes the editor, whichever form it has at this size."""
        name = next(name for name in ("Back to routes", "Close the editor") if self.window.all(name))
        self.window.click(name)
        self.window.gone(name)

    def _order(self, *names):
        wanted = [f"Rule {number}: {name}" for number, name in enumerate(names, 1)]
        shown = lambda: [node.name for node in self.window.nodes() if node.name.startswith("Rule ")]
        wait_for(f"the rules in the order {wanted}", lambda: shown() == wanted)


def connect(agent):
    """The answer that connects a call to this agent at Retell."""
    return {"call_inbound": {"override_agent_id": agent}}


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
