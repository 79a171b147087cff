"""Requests of all kinds, as the description of the two webhooks has them: signed, then unsigned.

Usage: test.py SWITCHBOARD SCHEMATHESIS
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
DESCRIPTION = HERE.parents[1] / "assets" / "openapi.yaml"
KEY = "key_5f2e9a1c7b3d4086"
# Both runs together stay well below a minute.
EXAMPLES = "40"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,signed_is_answered"


def main(program, schemathesis):
    environment = os.environ | {"RETELL_API_KEY": KEY, "SCHEMATHESIS_HOOKS": "hooks"}
    environment["PYTHONPATH"] = f"{HERE}{os.pathsep}{environment.get('PYTHONPATH', '')}"
    with tempfile.TemporaryDirectory() as home:
        command = [program, "--home", home, "--listen", "127.0.0.1:0", "--unguarded", "serve"]
        serving = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        try:
            said = iter(serving.stderr.readline, "")
            line = next(line for line in said if "Answering calls at " in line)
            url = line.split()[-1].removesuffix("/webhook/inbound")
            with urllib.request.urlopen(f"{url}/healthz", timeout=10) as health:
                assert health.read() == b"ok"
            for unsigned in ({}, {"UNSIGNED": "1"}):
                start = time.monotonic()
                run = [schemathesis, "run", str(DESCRIPTION), "--url", url, "--checks", CHECKS]
                run += ["--max-examples", EXAMPLES, "--seed", "1", "--no-color", "--generation-database", "none"]
                run += ["--phases", "examples,coverage,fuzzing", "--warnings", "off"]
                subprocess.run(run, env=environment | unsigned, cwd=home, check=True)
                print(f"  {'unsigned' if unsigned else 'signed'}: {time.monotonic() - start:.0f} s", flush=True)
        finally:
            serving.terminate()
            serving.wait(20)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), sys.argv[2])
