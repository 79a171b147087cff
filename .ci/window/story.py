"""Tells a story in the real window: step after step, each with its words, its time and a picture."""

import sys
import time


def tell(story, program):
    """Does the steps of `story`, whose `picture` keeps what is seen; the program ends with the story."""
    steps = story.steps()
    try:
        for number, step in enumerate(steps, 1):
            start = time.monotonic()
            print(f"  {number}. {step.__doc__}", end="", flush=True)
            step()
            print(f" ({time.monotonic() - start:.1f} s)", flush=True)
            story.picture(f"{number:02}-{step.__name__}")
    except BaseException:
        if program.window and program.process.poll() is None:
            program.window.picture("failed")
        print(program.said(), file=sys.stderr)
        raise
    program.stop()
    print(f"{len(steps)} passed, 0 failed")
