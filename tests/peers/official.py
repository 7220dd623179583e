"""The official Python libraries, a calendar and an attacker, spoken to in JSON lines: {"op", …} in, {"value"} or
{"error"} out."""

import contextlib
import datetime
import json
import sqlite3
import sys

import paytmchecksum
import standardwebhooks
from paytmpg import MerchantProperty, Payment, PaymentStatusDetailBuilder

IST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))


def verified(params, key, signature):
    try:
        return paytmchecksum.verifySignature(params, key, signature)
    except Exception:  # the library raises whatever its decryption trips over
        return False


def sign(key, text):
    return paytmchecksum.generateSignature(text, key)


def verify(key, text, signature):
    return verified(text, key, signature)


def sign_form(key, fields):
    return paytmchecksum.generateSignature(fields, key)


def verify_form(key, fields):
    signature = fields.pop("CHECKSUMHASH", "")
    return verified(fields, key, signature)


def request(key, head, body):
    """A whole request as Paytm's Python clients send it: blanks, \\uXXXX, body first."""
    text = json.dumps(body)
    signed = dict(head, signature=paytmchecksum.generateSignature(text, key))
    return '{"body": %s, "head": %s}' % (text, json.dumps(signed))


def answer(key, text):
    """Checks the answer over the text that stands between `"body":` and the last brace."""
    begin = text.index('"body":{') + len('"body":')
    parsed = json.loads(text)
    return {
        "head_first": text.startswith('{"head":{'),
        "verified": verified(text[begin:-1], key, parsed["head"].get("signature", "")),
    }


def order_status(base_url, mid, key, client_id, order_id):
    """What Paytm's SDK makes of an order: it asks, and checks the signature of the answer."""
    MerchantProperty.initialize("STAGE", mid, key, client_id, "WEBSTAGING")
    MerchantProperty.payment_status_url = base_url + "/v3/order/status"
    body = Payment.getPaymentStatus(PaymentStatusDetailBuilder(order_id).build()).get_response_object().get_body()
    info = body.get_result_info()
    told = {"code": info.get_result_code(), "status": info.get_result_status(), "text": str(info.get_result_msg())}
    return told | {name: value for name, value in vars(body).items() if isinstance(value, str)}


def webhook(secret, headers, payload):
    return standardwebhooks.Webhook(secret).verify(payload, headers)


def sign_webhook(secret, id, at_s, payload):
    at = datetime.datetime.fromtimestamp(at_s, datetime.timezone.utc)
    return standardwebhooks.Webhook(secret).sign(id, at, payload)


def ist(now, days=0, at=None):
    """The vendors' text of `now` (RFC 3339) plus whole days in India, at that time of day if given."""
    moment = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).astimezone(IST)
    moment += datetime.timedelta(days=days)
    return moment.strftime("%d/%m/%Y ") + (at or moment.strftime("%H:%M:%S"))


def epoch_s(text):
    """Seconds since 1970 of an RFC 3339 time, or of a vendor's `dd/mm/yyyy hh:mm:ss` in India."""
    if "/" in text:
        return int(datetime.datetime.strptime(text, "%d/%m/%Y %H:%M:%S").replace(tzinfo=IST).timestamp())
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def real_now_s():
    return int(datetime.datetime.now(datetime.timezone.utc).timestamp())


def change_rows(database, sql):
    """Changes an SQLite database as an attacker with the file would, triggers or not; tells how many rows."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        changed = connection.execute(sql).rowcount
        connection.commit()
        return changed


LIBRARIES = (sign, verify, sign_form, verify_form, request, answer, order_status, webhook, sign_webhook)
OPS = {op.__name__: op for op in LIBRARIES + (ist, epoch_s, real_now_s, change_rows)}

for line in sys.stdin:
    try:
        args = json.loads(line)
        reply = {"value": OPS[args.pop("op")](**args)}
    except Exception as fault:
        reply = {"error": f"{type(fault).__name__}: {fault}"}
    print(json.dumps(reply), flush=True)
