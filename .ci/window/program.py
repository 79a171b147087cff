"""The program under test, on files and a port of its own, and requests to it as Retell sends them."""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

from display import children_of, wait_for
from window import Window

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# Where build results go, as cargo has it.
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
TARGET = TARGET if TARGET.is_absolute() else ROOT / TARGET
KEY = "key_5f2e9a1c7b3d4086"


class Program:
    """Switchboard with its window, on the folder `home`."""

    def __init__(self, display, home, pictures=None, port=None):
        self.display = display
        self.home = home
        self.port = port or _free_port()
        self.pictures = pictures
        self.process = None
        self.window = None

    def start(self):
        """Starts it and waits for its window."""
        binary = TARGET / "debug" / "switchboard"
        command = [binary, "--home", self.home, "--listen", f"127.0.0.1:{self.port}"]
        self.process = self.display.start([str(word) for word in command], "switchboard")
        wait_for("the port to answer", self._is_listening)
        # Under its guard.
        shown = wait_for("the program", lambda: children_of(self.process.pid))[0]
        self.window = Window(shown, self.pictures)
        return self.window

    def stop(self):
        """Quits, which must end it without complaint."""
        self.window.key("ctrl+q")
        self.window.click("Quit", "push button")
        code = self.process.wait(15)
        assert code == 0, f"it ended with {code}"

    def said(self):
        """What it wrote on standard error."""
        return self.display.log("switchboard")

    def _is_listening(self):
        if self.process.poll() is not None:
            raise AssertionError(f"it ended at once with {self.process.returncode}:\n{self.said()}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Retell:
    """Calls the program as Retell would, by its official SDK."""

    def __init__(self, program):
        self.url = f"http://127.0.0.1:{program.port}/webhook/inbound"
        modules = _sdk()
        command = ["node", str(HERE / "send.mjs"), str(modules)]
        self.node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, body, key=KEY):
        """Posts the body, signed with the key if there is one; gives status and text."""
        request = {"url": self.url, "key": key, "body": body}
        self.node.stdin.write(json.dumps(request) + "\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline())
        return answer["status"], answer["body"]

    def close(self):
        """Ends the other side."""
        self.node.stdin.close()
        self.node.wait(10)


def payload(caller, called, agent=None):
    """The sample payload of Retell's documentation, for these numbers."""
    call = {"agent_id": agent} if agent else {}
    call |= {"from_number": caller, "to_number": called}
    return json.dumps({"event": "call_inbound", "call_inbound": call})


def _sdk():
    """Installs the SDK in the version and with the check sums of the lock file, once."""
    folder = TARGET / "window"
    folder.mkdir(parents=True, exist_ok=True)
    lock, installed = HERE / "package-lock.json", folder / "package-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.copy(HERE / "package.json", folder)
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        shutil.copy(lock, installed)
        try:
            subprocess.run(install, cwd=folder, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as failed:
            installed.unlink()
            raise RuntimeError(f"the SDK cannot be installed:\n{failed.stderr}") from None
    return folder


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
