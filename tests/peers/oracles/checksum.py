"""Signs and verifies with Paytm's official library from PyPI."""

import paytmchecksum.PaytmChecksum as paytm

from batch import serve


def verifies(signed, key, signature):
    """The library raises on most wrong signatures; that is a no."""
    try:
        return paytm.verifySignature(signed, key, signature)
    except (ValueError, TypeError, IndexError):
        return False


def answer(case):
    signed, key = case["signed"], case["key"]
    text = paytm.getStringByParams(signed) if isinstance(signed, dict) else signed
    return {
        "text": text,
        "with_salt": paytm.calculateChecksum(text, key, case["salt"]),
        "own": paytm.generateSignature(signed, key),
        "accepts": [verifies(signed, key, signature) for signature in case["signatures"]],
    }


serve(answer)
