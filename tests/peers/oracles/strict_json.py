"""Judges JSON bodies (in hex) with Python's json, made strict: the name of the fault, or the top-level keys."""

import json

from batch import serve


class Refused(Exception):
    """The body is JSON, but not of the kind that is taken."""


def members(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Refused
    return dict(pairs)


def refuse(_word):
    raise Refused


def check(value, depth):
    """Refuses lone surrogates anywhere and more than 32 containers inside one another."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, (dict, list)):
        if depth >= 32:
            raise Refused
        for item in value:
            check(item, depth + 1)
        for item in value.values() if isinstance(value, dict) else ():
            check(item, depth + 1)


def judge(body):
    try:
        text = bytes.fromhex(body).decode()
        # Integers stay texts: Python limits how many digits it converts.
        value = json.loads(text, object_pairs_hook=members, parse_constant=refuse, parse_int=float)
        check(value, 0)
    except (Refused, ValueError, RecursionError):
        return None
    return sorted(value) if isinstance(value, dict) else []


serve(judge)
