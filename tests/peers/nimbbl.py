"""A program written for Nimbbl's payment links, with nothing but the standard library, spoken to in JSON lines:
{"op", …} in, {"value"} or {"error"} out. It asks for tokens and verifies signatures as the vendor's PHP and .NET
libraries do."""

import base64
import datetime
import decimal
import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

CLIENTS = {}


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def two_decimals(amount):
    return str(decimal.Decimal(str(amount)).quantize(decimal.Decimal("0.01")))


def verified(secret, fields, signature):
    return hmac.compare_digest(sign(secret, "|".join(fields)), signature or "")


class Client:
    """One merchant's program: it keeps its token until the end that it was told, and asks once more after a
    401 or 403."""

    def __init__(self, base_url, access_key, access_secret):
        self.base_url, self.key, self.secret = base_url, access_key, access_secret
        self.token, self.expires_at, self.logins = None, None, 0

    def send(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json", "Nimbbl-API": "1"}
        if token:
            headers["Authorization"] = "Bearer " + token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base_url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, json.loads(refused.read())

    def login(self):
        keys = {"access_key": self.key, "access_secret": self.secret}
        status, body = self.send("POST", "/api/v3/generate-token", keys)
        if status != 200:
            raise PermissionError(json.dumps(body))
        self.logins += 1
        self.token, self.expires_at = body["token"], datetime.datetime.fromisoformat(body["expires_at"])

    def call(self, method, path, body=None):
        if self.token is None:
            self.login()
        status, answer = self.send(method, path, body, self.token)
        if status in (401, 403):
            self.login()
            status, answer = self.send(method, path, body, self.token)
        return {"status": status, "body": answer, "logins": self.logins, "token": self.token}


def call(base_url, access_key, access_secret, method, path, body=None):
    """A call of a client that lives as long as this process."""
    known = (base_url, access_key, access_secret)
    client = CLIENTS.setdefault(known, Client(*known))
    return client.call(method, path, body)


def with_token(base_url, token, path):
    """A reading call with this token and no other."""
    status, body = Client(base_url, "", "").send("GET", path, None, token)
    return {"status": status, "body": body}


def quoted(text):
    return urllib.parse.quote(text, safe="")


def by_invoice(base_url, access_key, access_secret, invoice_id):
    return call(base_url, access_key, access_secret, "GET", "/api/v3/payment-link/" + quoted(invoice_id))


def verify_v3(secret, body):
    """What each library makes of a body: one reads the nested link, the other the top."""
    link = body["payment_link"]
    nested = [link["invoice_id"], link["status"], link["currency"], two_decimals(link["amount_paid"]), link["hash"]]
    paid = body.get("amount_paid", body.get("payment_link_amount_paid"))
    top = [body["invoice_id"], body["status"], body["currency"], two_decimals(paid), body["payment_link_hash"]]
    return {
        "nested": body["version"] == "v3" and verified(secret, nested, link["signature"]),
        "top": verified(secret, top, body.get("signature") or body.get("nimbbl_signature")),
    }


def verify_v4(secret, envelope):
    """The body of an envelope whose signature is right."""
    payload = base64.b64decode(envelope["payload"], validate=True)
    signature = envelope.get("signature") or envelope.get("nimbbl_signature")
    if envelope["version"] != "v4" or not hmac.compare_digest(sign(secret, payload.decode()), signature):
        raise ValueError("the signature is wrong")
    return json.loads(payload)


def verify_link(secret, link):
    """Is `payment_link_signature` of the answer by invoice id right?"""
    fields = ["invoice_id", "status", "currency", "amount_paid", "hash"]
    values = [link["payment_link_" + name] for name in fields]
    values[3] = two_decimals(values[3])
    return verified(secret, values, link["payment_link_signature"])


def verify_transaction(secret, invoice_id, it):
    """Is the signature of a transaction right?"""
    amount = two_decimals(it["transaction_amount"])
    currency, kind = it["transaction_currency"], it["transaction_type"]
    fields = [invoice_id, it["transaction_id"], amount, currency, it["status"], kind]
    return it["signature_version"] == "v3" and verified(secret, fields, it["signature"])


def day_after(now):
    """A day after `now` (RFC 3339), as this API writes times."""
    moment = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")) + datetime.timedelta(days=1)
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


CALLS = (call, with_token, by_invoice, day_after)
CHECKS = (sign, verify_v3, verify_v4, verify_link, verify_transaction)
OPS = {op.__name__: op for op in CALLS + CHECKS}

for line in sys.stdin:
    try:
        args = json.loads(line)
        reply = {"value": OPS[args.pop("op")](**args)}
    except Exception as fault:
        reply = {"error": f"{type(fault).__name__}: {fault}"}
    print(json.dumps(reply), flush=True)
