"""Verifies webhooks with the official `standardwebhooks` package from PyPI: true, or the reason against it."""

from standardwebhooks import Webhook

from batch import serve


def answer(case):
    try:
        Webhook(case["secret"]).verify(case["body"], case["headers"])
    except Exception as fault:  # whatever the package raises is its verdict
        return f"{type(fault).__name__}: {fault}"
    return True


serve(answer)
