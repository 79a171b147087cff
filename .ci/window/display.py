"""A screen of its own for a real window: X server, message bus with accessibility, window manager.

Everything runs below this process and ends with it. Nothing here knows the program under test.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 20.0


def wait_for(what, ready, patience=PATIENCE, pause=0.05):
    """Polls until `ready` gives something, and gives it back."""
    until = time.monotonic() + patience
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(pause)


class Display:
    """An Xvfb screen with everything that a window needs. Use it in a `with` statement."""

    def __init__(self, width, height):
        self.size = (width, height)
        self.folder = Path(tempfile.mkdtemp(prefix="switchboard-display-"))
        # What daemonises itself is handed to this process instead of init, so that it can be ended.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self):
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        environment = {
            "DISPLAY": self._start_x(),
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "NO_AT_BRIDGE": "1",
        }
        for other in ("WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
            os.environ.pop(other, None)
        os.environ.update(environment)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
        self._turn_accessibility_on()
        self.start(["openbox", "--sm-disable"], "openbox")
        # A window that comes before its manager may never be shown.
        wait_for("the window manager", _is_managed)

    def _start_x(self):
        """The X server picks a free display number and tells it through a pipe."""
        read, write = os.pipe()
        width, height = self.size
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24"]
        self.start([*command, "-nolisten", "tcp"], "Xvfb", pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError(f"Xvfb did not start: {self.log('Xvfb')}")
        return f":{number}"

    def _start_bus(self):
        bus = self.start(
            ["dbus-daemon", "--session", "--nofork", "--print-address"], "dbus", stdout=subprocess.PIPE, text=True
        )
        return bus.stdout.readline().strip()

    def _turn_accessibility_on(self):
        import gi

        gi.require_version("Gio", "2.0")
        from gi.repository import Gio, GLib

        # Given by its absolute place: this process must use the new bus, whatever it knew before.
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        bus = Gio.DBusConnection.new_for_address_sync(os.environ["DBUS_SESSION_BUS_ADDRESS"], flags, None, None)
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            value = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
            place = ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set")
            bus.call_sync(*place, value, None, Gio.DBusCallFlags.NONE, 10_000, None)

    def start(self, command, name, **options):
        """Starts a process whose standard error goes to a log of this name."""
        with open(self.folder / f"{name}.log", "ab") as log:
            options.setdefault("stdout", log)
            return subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL, **options)

    def log(self, name):
        """What the process of this name said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def close(self):
        """Ends everything that was started here, directly or not."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            until = time.monotonic() + 3
            while (left := _descendants(os.getpid())) and time.monotonic() < until:
                for process in left:
                    _send(process, number)
                time.sleep(0.05)
            _reap()
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_managed():
    return subprocess.run(["xdotool", "get_num_desktops"], capture_output=True).returncode == 0


def children_of(process):
    """Ids of the processes that `process` started. Dead ones do not count."""
    return [child for child, parent in _parents().items() if parent == process]


def _descendants(root):
    """Ids of all processes below `root`, the youngest first. Dead ones do not count."""
    parents = _parents()
    found, layer = [], {root}
    while layer:
        layer = {process for process, parent in parents.items() if parent in layer}
        found.extend(sorted(layer))
    return found[::-1]


def _parents():
    """The parent of each process that lives."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    return parents


def _send(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def _reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
