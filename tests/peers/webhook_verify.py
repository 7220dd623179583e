"""Verifies webhooks with the official `standardwebhooks` package.

First line out: {"now": unix seconds}. Then for each line in, {"secret", "headers", "body"}, one line out:
{"ok": true} or {"ok": false, "error": text}.
"""

import json
import sys
import time

from standardwebhooks import Webhook

print(json.dumps({"now": int(time.time())}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        Webhook(request["secret"]).verify(request["body"], request["headers"])
        answer = {"ok": True}
    except Exception as fault:  # whatever the package raises is its verdict
        answer = {"ok": False, "error": f"{type(fault).__name__}: {fault}"}
    print(json.dumps(answer), flush=True)
