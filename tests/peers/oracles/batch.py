"""Answers a batch: one JSON value a line in, one JSON value a line out, in the same order."""

import json
import sys


def serve(answer):
    """Reads all of standard input and prints what `answer` says to each line."""
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line))))
