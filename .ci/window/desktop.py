"""Manners on a desktop, with a real window and a real bus: closing, the tray, a second start, hidden starts.

Usage: desktop.py FOLDER_FOR_PICTURES
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

from display import Display, children_of, wait_for  # noqa: E402
from program import TARGET, Program  # noqa: E402
from window import Window, _window_of  # noqa: E402

WATCHER = "org.kde.StatusNotifierWatcher"
INTERFACE = f"""<node><interface name="{WATCHER}">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
</interface></node>"""
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


class Tray:
    """A desktop's tray, as far as a program sees it."""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.items = []
        ready = threading.Event()
        threading.Thread(target=self._serve, args=[ready], daemon=True).start()
        ready.wait()

    def _serve(self, ready):
        """Answers programs at any time, on a thread and a connection of its own."""
        context = GLib.MainContext()
        context.push_thread_default()
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = os.environ["DBUS_SESSION_BUS_ADDRESS"]
        bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        info = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        bus.register_object("/StatusNotifierWatcher", info, self._call, lambda *_: GLib.Variant("b", True), None)
        Gio.bus_own_name_on_connection(bus, WATCHER, Gio.BusNameOwnerFlags.NONE, None, None)
        ready.set()
        GLib.MainLoop(context).run()

    def _call(self, _bus, sender, _path, _interface, _method, words, invocation):
        name = words.unpack()[0]
        self.items.append((sender, name if name.startswith("/") else "/StatusNotifierItem"))
        invocation.return_value(None)

    def item(self):
        """The icon that came last."""
        return wait_for("an icon", lambda: self.items and self.items[-1])

    def says(self, name):
        """A property of the icon."""
        sender, path = self.item()
        asked = GLib.Variant("(ss)", (ITEM, name))
        answer = self._ask(sender, path, "org.freedesktop.DBus.Properties", "Get", asked)
        return answer.unpack()[0]

    def entries(self):
        """All entries of its menu: number, words, whether it can be chosen."""
        sender, _ = self.item()
        path = self.says("Menu")
        asked = GLib.Variant("(iias)", (0, -1, []))
        _, root = self._ask(sender, path, MENU, "GetLayout", asked).unpack()
        found = []

        def walk(node):
            number, properties, children = node
            if properties.get("label"):
                label = properties["label"].replace("_", "")
                found.append((number, label, properties.get("enabled", True)))
            for child in children:
                walk(child)

        walk(root)
        return found

    def choose(self, words):
        """Chooses the entry of these words."""

        def find():
            return [number for number, label, enabled in self.entries() if enabled and label.startswith(words)]

        number = wait_for(f"“{words}” in the menu", find)[0]
        sender, _ = self.item()
        event = GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("i", 0), 0))
        self._ask(sender, self.says("Menu"), MENU, "Event", event)

    def _ask(self, sender, path, interface, method, words):
        flags = Gio.DBusCallFlags.NONE
        return self.bus.call_sync(sender, path, interface, method, words, None, flags, 5000, None)


def second_start(program, *words):
    """Starts it once more on the same files; gives what it said."""
    command = [TARGET / "debug" / "switchboard", "--home", program.home, *words]
    ended = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended
    return ended.stdout


def is_shown(program):
    return any(_window_of(child) for child in children_of(program.process.pid))


def closed(program):
    wait_for("the window to go", lambda: not is_shown(program))
    assert program.process.poll() is None and program._is_listening(), "calls are answered on"


def shown_again(program):
    child = children_of(program.process.pid)[0]
    program.window = Window(child, program.pictures)
    program.window.find("Routes", "page tab")
    return program.window


def broken_off(program):
    """Its process is killed, and the guard starts another."""
    (child,) = children_of(program.process.pid)
    os.kill(child, signal.SIGKILL)
    wait_for("another", lambda: (others := children_of(program.process.pid)) and child not in others)
    wait_for("the port to answer", program._is_listening)


def without_tray(display, home, pictures):
    """Without a tray: closing asks once and keeps answering, a second start brings the window back"""
    program = Program(display, home, pictures)
    window = program.start()
    window.find("Routes", "page tab")
    window.close()
    window.find("Keep answering calls?")
    window.find(contains="Start Switchboard once more")
    window.picture("closing")
    window.click("Keep answering", "push button")
    closed(program)
    for _ in range(3):
        assert "its window is shown" in second_start(program)
        window = shown_again(program)
        window.close()
        closed(program)
    assert "goes on" in second_start(program, "--hidden")
    time.sleep(0.5)
    assert not is_shown(program), "a hidden start brings nothing"
    second_start(program)
    window = shown_again(program)
    window.click("Settings", "page tab")
    window.find(contains="shows no icons in a tray")
    window.picture("settings-without-tray")
    program.stop()


def with_tray(display, home, pictures, tray):
    """With a tray: its icon says how it stands, its menu opens, closes lines, pauses notices, and quits"""
    settings = json.loads((home / "settings.json").read_text())
    settings["notices"] = [{"id": "me", "name": "Me", "plugin": "notify_desktop", "of": {"calls": True}}]
    (home / "settings.json").write_text(json.dumps(settings))
    program = Program(display, home, pictures)
    window = program.start()
    wait_for("a red icon's words", lambda: "no API key" in tray.says("ToolTip")[3])
    labels = [label for _, label, _ in tray.entries()]
    for words in ["Open the window", "Close all lines", "For 30 minutes", "For the rest of the day", "Quit…"]:
        assert words in labels, labels
    assert tray.says("IconPixmap"), "it has a picture"
    window.close()
    closed(program)
    tray.choose("Open the window")
    window = shown_again(program)
    window.close()
    closed(program)
    tray.choose("For 30 minutes")
    window = shown_again(program)
    window.find("Close or redirect calls")
    window.key("Escape")
    tray.choose("For an hour")
    wait_for("its words", lambda: any(label.startswith("Notices are paused until") for _, label, _ in tray.entries()))
    window.click("Plugins", "page tab")
    window.find(contains="Notices are paused until")
    window.picture("notices-paused")
    tray.choose("Switch notices on again")
    window.gone(contains="Notices are paused until")
    window.click("Settings", "page tab")
    window.click("Start with the computer, without this window")
    entry = wait_for("an entry", lambda: list((Path(os.environ["HOME"]) / ".config/autostart").glob("*.desktop")))
    assert "--hidden" in entry[0].read_text()
    window.find(contains="looked at again at each start")
    window.find(contains="icon is in the tray")
    window.picture("settings-with-tray")
    tray.choose("Quit…")
    window.find("Quit Switchboard?")
    window.picture("quitting")
    window.click("Quit", "push button")
    assert program.process.wait(15) == 0


def hidden(display, home, pictures, tray):
    """A hidden start shows no window until the tray is asked for it, and ends when it is told to"""
    program = Program(display, home, pictures)
    before = len(tray.items)
    command = [TARGET / "debug" / "switchboard", "--hidden", "--home", home, "--listen", f"127.0.0.1:{program.port}"]
    program.process = display.start([str(word) for word in command], "switchboard")
    wait_for("the port to answer", program._is_listening)
    wait_for("its icon", lambda: len(tray.items) > before)
    time.sleep(1)
    assert not is_shown(program)
    tray.choose("Open the window")
    shown_again(program)
    # Where it breaks off, the window comes back as it was, however it was begun.
    broken_off(program)
    shown_again(program).close()
    closed(program)
    broken_off(program)
    wait_for("its icon", lambda: len(tray.items) > before + 2)
    time.sleep(1)
    assert not is_shown(program)
    second_start(program)
    shown_again(program).close()
    closed(program)
    program.process.terminate()
    assert program.process.wait(15) == 0, program.said()


def main(pictures):
    with Display(1280, 800) as display, tempfile.TemporaryDirectory() as home:
        home = Path(home)
        steps = [
            (without_tray, lambda: without_tray(display, home, pictures)),
            (with_tray, lambda: with_tray(display, home, pictures, tray)),
            (hidden, lambda: hidden(display, home, pictures, tray)),
        ]
        for number, (step, run) in enumerate(steps, 1):
            start = time.monotonic()
            print(f"  {number}. {step.__doc__}", end="", flush=True)
            run()
            print(f" ({time.monotonic() - start:.1f} s)", flush=True)
            if step is without_tray:
                tray = Tray()
    print(f"{len(steps)} passed, 0 failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
