"""From the first start to the first call, by mouse and keyboard in a real window; then what may go wrong.

`tests/guided_start.rs` starts it, with stand-ins for Retell and for ngrok.

Usage: guided.py FOLDER_FOR_PICTURES HOME PORT KEY RETELL NGROK ADDRESS OTHER_ADDRESS

The environment may say how the window looks: LOOK="1000x640 dark".
"""

import json
import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

from display import Display
from program import Program, Retell, payload
from story import tell

MAIN_LINE = "+14155550123"
CALLER = "+12025550199"
WEBHOOK = "/webhook/inbound"


def main(pictures, home, port, key, retell, ngrok, *addresses):
    size, theme = os.environ.get("LOOK", "1000x640 light").split()
    size = tuple(int(number) for number in size.split("x"))
    settings = Path(home) / "settings.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"theme": theme}))
    with Display(size[0] + 40, size[1] + 60) as display:
        # Where the program looks for ngrok.
        os.environ["PATH"] = f"{Path(ngrok).parent}:{os.environ['PATH']}"
        program = Program(display, Path(home), Path(pictures).resolve() / f"{size[0]}-{theme}", int(port))
        tell(Story(program, size, key, retell, Path(ngrok), addresses), program)


class Story:
    """What is done, step by step. Each step's words are printed."""

    def __init__(self, program, size, key, retell, ngrok, addresses):
        self.program = program
        self.size = size
        self.key = key
        self.retell = retell
        self.ngrok = ngrok
        self.address, self.other_address = addresses
        self.works = ngrok.read_text()
        self.window = None

    def steps(self):
        return [
            self.open,
            self.paste_a_wrong_key,
            self.paste_the_key,
            self.look_at_the_account,
            self.add_lines_and_agents,
            self.choose_a_tunnel,
            self.be_reached,
            self.look_at_what_changes,
            self.connect,
            self.let_one_agent_answer,
            self.send_a_test,
            self.call,
            self.finish,
            self.kill_the_tunnel,
            self.start_the_tunnel,
            self.change_the_address,
            self.connect_again,
            self.end_the_key,
            self.take_the_port,
            self.free_the_port,
        ]

    def picture(self, name):
        self.window.rest()
        self.window.picture(name)

    # The guided start

    def open(self):
        """The guided start opens by itself"""
        self._start()
        self.window.find("Your Retell API key, to do", "page tab")
        self.window.find(contains="Practice mode")

    def paste_a_wrong_key(self):
        """A key that Retell does not know is told at once"""
        self.window.fill("Paste your API key", "key_of_somebody_else_0123456789", "password text")
        self.window.click("Save the API key")
        self.window.find(contains="Retell does not know this API key")

    def paste_the_key(self):
        """The right one, by the keyboard"""
        self.window.click("Replace the API key")
        self.window.fill("Paste your API key", f" {self.key} ", "password text")
        self.window.key("Return")
        self.window.find("Your Retell API key, done", "page tab")
        self.window.find(contains="Retell knows this key")

    def look_at_the_account(self):
        """Lines and agents come by their names"""
        self.window.click("Next: Your lines and agents")
        for name in ["Main line", "Reception", "Sales"]:
            self.window.find(contains=name)

    def add_lines_and_agents(self):
        """They are added by one click"""
        self.window.click("Add 2 lines and 2 agents")
        self.window.find("Your lines and agents, done", "page tab")

    def choose_a_tunnel(self):
        """ngrok is found on this computer"""
        self.window.click("Next: How the internet reaches this computer")
        self.window.click("ngrok")
        self.window.find(contains="ngrok 3.30.0")

    def be_reached(self):
        """It is started, and a signed question comes back through it"""
        self.window.click("Use ngrok")
        self.window.find("How the internet reaches this computer, done", "page tab")

    def look_at_what_changes(self):
        """What changes at Retell is shown before"""
        self.window.click("Next: Connect your lines")
        self.window.click("Connect Main line…")
        self.window.find(contains="https://old.example/hook")
        self.window.find(contains=f"{self.address}{WEBHOOK}")

    def connect(self):
        """It is changed, and the line is connected"""
        self.window.click("Change it at Retell")
        self.window.find("Connect your lines, done", "page tab")

    def let_one_agent_answer(self):
        """One agent answers every call, published by the keyboard"""
        self.window.click("Next: Who answers")
        self.window.click("Let this agent answer every call")
        self.window.find("Publish the table")
        self.window.key("ctrl+shift+p")
        self.window.find("Publish now")
        self.window.focus("Publish now", key="shift+Tab")
        self.window.key("Return")
        self.window.find("Who answers, done", "page tab")

    def send_a_test(self):
        """A test call is answered"""
        self.window.click("Next: The first call")
        self.window.click("Send a test call")
        self.window.find(contains="The test call was connected to Reception")

    def call(self):
        """A call through the tunnel, signed by the official SDK: the green tick"""
        self._call()
        self.window.find(contains="A call from (202) 555-0199 was connected to Reception", patience=2)
        self.window.find(contains="All of it is done")

    def finish(self):
        """The guided start is over"""
        self.window.click("Finish the guided start")
        self.window.gone(contains="Guided start")

    # What may go wrong

    def kill_the_tunnel(self):
        """The tunnel is killed and cannot start again"""
        self.ngrok.write_text("#!/bin/sh\necho 'ERROR:  authentication failed'\necho 'ERROR:  ERR_NGROK_107'\nexit 1\n")
        self._kill_ngrok()
        self.window.find(contains="Calls do not arrive", patience=20)
        self.window.find(contains="ngrok does not take this token any more")

    def start_the_tunnel(self):
        """It can start again, and comes back by itself"""
        self.window.click("Open Settings")
        self.picture("tunnel-down-settings")
        # In vain; but from then on it is tried again soon.
        self.window.click("Try now")
        self.ngrok.write_text(self.works)
        self.window.find(contains="proved", patience=30)
        self.window.gone("Try now")

    def change_the_address(self):
        """The tunnel comes back at another address"""
        self.ngrok.write_text(self.works.replace(self.address, self.other_address))
        self._kill_ngrok()
        self.window.find(contains="Calls to “Main line” do not arrive", patience=20)
        self.window.click("Lines & agents", "page tab")
        self.window.find(contains="Old address")

    def connect_again(self):
        """The line is connected at the new one"""
        self.window.click("Connect it again…")
        self.window.find(contains=f"{self.other_address}{WEBHOOK}")
        self.window.click("Change it at Retell")
        self.window.find(contains="Retell asks this computer who answers")
        self.window.gone("Connect it again…")
        self.address = self.other_address
        self._call()

    def end_the_key(self):
        """Retell does not take the key any more"""
        urllib.request.urlopen(f"{self.retell}/stand-in/end-the-key", data=b"{}").close()
        self.window.click("Ask again")
        self.window.find(contains="Retell does not know this API key")

    def take_the_port(self):
        """Another program has the port at the next start"""
        self.program.stop()
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", self.program.port))
            taken.listen()
            self._start()
            self.window.find(contains="is taken")
            self.picture("port-taken")

    def free_the_port(self):
        """It is free again, and calls are answered by themselves"""
        self.window.find(contains=f"Answering calls on port {self.program.port}")
        self._call()

    def _start(self):
        self.window = self.program.start()
        self.window.resize(*self.size)

    def _kill_ngrok(self):
        pid = int(self.ngrok.with_suffix(".pid").read_text())
        os.kill(pid, signal.SIGKILL)

    def _call(self):
        retell = Retell(self.program)
        retell.url = f"{self.address}{WEBHOOK}"
        status, answer = retell.call(payload(CALLER, MAIN_LINE), key=self.key)
        retell.close()
        assert (status, json.loads(answer)) == (200, {"call_inbound": {"override_agent_id": "agent_1"}}), answer


if __name__ == "__main__":
    main(*sys.argv[1:])
