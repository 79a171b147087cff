"""A window as a person meets it: found by the names that a screen reader would say, used with the
real mouse and keyboard.

Knows nothing of the program under test but its process id.
"""

import subprocess
import time
from dataclasses import dataclass
from functools import cached_property

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from display import wait_for  # noqa: E402

STEPS_OF_A_DRAG = 12
# What is scrolled up disappears below a header of this height.
HEADER = 70


class NotThere(AssertionError):
    """Something that must be in the window is not."""


@dataclass
class Node:
    """One control as it stood when it was looked at. What it shows and where it is, is asked when it is needed, for
    each question is a way to the program and back."""

    role: str
    name: str
    handle: object

    @cached_property
    def text(self):
        """What stands in it, where that is not its name."""
        is_field = any(word in self.role for word in ("entry", "text"))
        if self.name and not is_field or "Text" not in self.handle.get_interfaces():
            return ""
        count = Atspi.Text.get_character_count(self.handle)
        return Atspi.Text.get_text(self.handle, 0, count)

    @cached_property
    def box(self):
        """Left, top, width, height in the window."""
        if "Component" not in self.handle.get_interfaces():
            return (0, 0, 0, 0)
        box = Atspi.Component.get_extents(self.handle, Atspi.CoordType.WINDOW)
        return (box.x, box.y, box.width, box.height)

    def fits(self, name, role, contains):
        """Whether it has this name and role, and these words, as far as given."""
        if role is not None and self.role != role:
            return False
        if name is not None and name != self.name and name != self.text:
            return False
        return contains is None or contains in self.name or contains in self.text

    @property
    def middle(self):
        left, top, width, height = self.box
        return left + width // 2, top + height // 2

    def has(self, state):
        """Whether it is, say, "checked", "enabled", "focused"."""
        return self.handle.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    def __str__(self):
        return f"{self.role} “{self.name}”" + (f" = {self.text!r}" if self.text not in ("", self.name) else "")


class Window:
    """The window of the process `pid`."""

    def __init__(self, pid, pictures=None):
        self.id = wait_for("a window", lambda: _window_of(pid))
        self.pid = pid
        self.pictures = pictures
        self.application = wait_for("an accessibility tree", lambda: _application_of(pid))
        # Nothing here hears of changes, so nothing may be remembered.
        self.application.set_cache_mask(Atspi.Cache.NONE)
        self._run("windowactivate", "--sync", self.id)

    # Looking

    def nodes(self):
        """Every control of the window, from top to bottom of the tree."""
        return self.all()

    def all(self, name=None, role=None, contains=None):
        """All controls of this name and role, as far as given."""

        try:
            return [node for node in _walk(self.application) if node.fits(name, role, contains)]
        except GLib.Error:
            return []  # it changed while it was read: the next look will do

    def first(self, name=None, role=None, contains=None):
        """The first of them, if there is one."""
        try:
            return next((node for node in _walk(self.application) if node.fits(name, role, contains)), None)
        except GLib.Error:
            return None

    def find(self, name=None, role=None, contains=None, patience=10.0):
        """The first control of this name and role, waited for."""
        try:
            return wait_for("it", lambda: self.first(name, role, contains), patience)
        except TimeoutError:
            wanted = " ".join(str(word) for word in (role, name, contains) if word)
            there = "\n  ".join(str(node) for node in self.nodes() if node.name or node.text)
            raise NotThere(f"not in the window: {wanted}\nbut:\n  {there}") from None

    def gone(self, name=None, role=None, contains=None):
        """Waits until no such control is there."""
        wait_for(f"the end of {name or contains}", lambda: not self.first(name, role, contains))

    def picture(self, name):
        """Saves what the window shows now, once it has come to rest."""
        time.sleep(0.4)  # animations and tooltips; a picture decides nothing
        self.pictures.mkdir(parents=True, exist_ok=True)
        target = self.pictures / f"{name}.png"
        size = ["-define", "png:compression-level=9", "-define", "png:exclude-chunk=all"]
        subprocess.run(["import", "-silent", "-window", self.id, *size, f"PNG:{target}"], check=True)

    # Acting

    def click(self, name=None, role=None, contains=None, button=1):
        """Clicks the middle of a control, scrolled to if need be."""
        node = self._in_view(self.find(name, role, contains), name, role, contains)
        self.click_at(*node.middle, button)
        return node

    def click_at(self, x, y, button=1):
        """Moves the mouse there and clicks."""
        self._run("mousemove", "--window", self.id, x, y)
        time.sleep(0.06)
        self._run("click", button)
        time.sleep(0.15)

    def fill(self, field, text, role=None):
        """Types into the field of this name in place of what stands there."""
        self.click(field, role)
        self.key("ctrl+a")
        self.type(text)

    def type(self, text):
        """Types letters."""
        self._run("type", "--delay", "8", "--", text)
        time.sleep(0.15)

    def key(self, *keys):
        """Presses keys one after the other, such as "alt+Up"."""
        for key in keys:
            self._run("key", key)
            time.sleep(0.12)

    def focus(self, name, patience=60, key="Tab"):
        """Walks with the Tab key, or another, to the control of this name."""
        for _ in range(patience):
            if any(node.has("focused") for node in self.all(name)):
                return
            self.key(key)
        raise NotThere(f"cannot be reached with the Tab key: {name}")

    def drag(self, start, end):
        """Drags from one place to another as a hand does, in small moves."""
        self._run("mousemove", "--window", self.id, *start)
        time.sleep(0.2)
        self._run("mousedown", 1)
        time.sleep(0.2)
        for step in range(1, STEPS_OF_A_DRAG + 1):
            part = step / STEPS_OF_A_DRAG
            part = part * part * (3 - 2 * part)  # gently off and gently to rest
            place = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
            self._run("mousemove", "--window", self.id, *place)
            time.sleep(0.06)
        time.sleep(0.2)
        self._run("mouseup", 1)
        time.sleep(0.4)

    def resize(self, width, height):
        """Gives the window's inside this size."""
        self._run("windowsize", "--sync", self.id, width, height)

    def rest(self):
        """Puts the mouse where it lights nothing up."""
        width, height = self._size()
        self._run("mousemove", "--window", self.id, width - 3, height - 3)

    def close(self):
        """Closes it as a person does."""
        self._run("windowactivate", "--sync", self.id)
        self.key("alt+F4")

    def _in_view(self, node, *what):
        """Turns the mouse wheel over the control's column until it can be clicked."""
        for _ in range(60):
            width, height = self._size()
            x, y = node.middle
            if HEADER < y < height - 20:
                return node
            self._run("mousemove", "--window", self.id, min(x, width - 40), height // 2)
            self._run("click", 4 if y <= HEADER else 5)
            time.sleep(0.15)
            before, node = node, self.find(*what)
            if node.box == before.box and 0 < y <= HEADER:
                return node  # it is part of the header
        raise NotThere(f"cannot be scrolled to: {node}")

    def _size(self):
        answer = self._run("getwindowgeometry", "--shell", self.id)
        values = dict(line.split("=") for line in answer.split())
        return int(values["WIDTH"]), int(values["HEIGHT"])

    @staticmethod
    def _run(*words):
        command = ["xdotool", *(str(word) for word in words)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _window_of(pid):
    search = ["xdotool", "search", "--onlyvisible", "--pid", str(pid)]
    ids = subprocess.run(search, capture_output=True, text=True).stdout.split()
    return ids[-1] if ids else None


def _application_of(pid):
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(index)
        try:
            if child and child.get_process_id() == pid and child.get_child_count():
                return child
        except GLib.Error:
            continue
    return None


def _walk(handle):
    """All controls below this one, from top to bottom, each as it is come to."""
    for index in range(handle.get_child_count()):
        child = handle.get_child_at_index(index)
        if child is None:
            continue
        yield Node(child.get_role_name(), child.get_name() or "", child)
        yield from _walk(child)
