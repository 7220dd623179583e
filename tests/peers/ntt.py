"""A program for NTT DATA's link based payments, with the standard library alone and, for AES, the openssl
program. It is spoken to in JSON lines: {"op", …} in, {"value"} or {"error"} out."""

import decimal
import hashlib
import hmac
import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

IV = bytes(range(16))
ROUNDS = 65536
PATHS = {
    "GETTEMPLATE": "/ots/link/getTemplate",
    "GETTEMPLATEDETAILS": "/ots/link/getTemplateDetails",
    "CREATE": "/ots/link/createPaymentLink",
    "RESEND": "/ots/link/resendPaymentLink",
    "CANCEL": "/ots/link/cancelPaymentLink",
}
SIGNED = {"CREATE": ("amount", "merchantTxnId"), "RESEND": ("invoiceNo",), "CANCEL": ("invoiceNo",)}
KEYS = {}


def sign(key, parts):
    return hmac.new(key.encode(), "".join(parts).encode(), hashlib.sha512).hexdigest()


def derived(key, salt):
    if (key, salt) not in KEYS:
        KEYS[key, salt] = hashlib.pbkdf2_hmac("sha512", key.encode(), salt.encode(), ROUNDS, 32)
    return KEYS[key, salt]


def aes(way, key, salt, data):
    """AES-256-CBC with PKCS#7, by the openssl program."""
    command = ["openssl", "enc", way, "-aes-256-cbc", "-K", derived(key, salt).hex(), "-iv", IV.hex()]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def encrypt(key, salt, text):
    return aes("-e", key, salt, text.encode()).hex().upper()


def decrypt(key, salt, sealed):
    return aes("-d", key, salt, bytes.fromhex(sealed)).decode()


def derive(key, salt):
    return derived(key, salt).hex()


def lexeme(value):
    """A value as its JSON text, which is what is signed of a number."""
    return value if isinstance(value, str) else json.dumps(value)


def signed(account, action, param):
    """Who calls, with the signature where the call has one."""
    who = {"merchId": account["merch_id"], "password": account["password"]}
    if action in SIGNED:
        parts = [lexeme(param[name]) for name in SIGNED[action]]
        who["signature"] = sign(account["request_hash_key"], [who["merchId"], who["password"], *parts])
    return who


def post(url, content_type, body):
    request = urllib.request.Request(url, body.encode(), {"Content-Type": content_type}, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get_content_type(), refused.read().decode()


def call(base_url, account, action, param, form="flat"):
    """A call: `flat`, `nested` in two objects, by `action` to the one path, or `encrypted`."""
    who = signed(account, action, param)
    url, body = base_url + PATHS[action], {**who, **param}
    if form == "nested":
        body = {"accountValidation": who, "param": param}
    if form == "action":
        url, body = base_url + "/ots/link", {"action": action, **body}
    if form == "encrypted":
        keys = account["encryption"]
        sealed = encrypt(keys["request_key"], keys["request_salt"], json.dumps(body))
        fields = urllib.parse.urlencode({"merchId": account["merch_id"], "encData": sealed})
        status, kind, text = post(url, "application/x-www-form-urlencoded", fields)
        return {"status": status, "kind": kind, "body": opened(account, text)}
    status, kind, text = post(url, "application/json", json.dumps(body))
    return {"status": status, "kind": kind, "body": json.loads(text)}


def opened(account, text):
    """The answer behind `merchId=…&encData=…`."""
    fields = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
    if fields["merchId"] != account["merch_id"]:
        raise ValueError("an answer for somebody else: " + fields["merchId"])
    keys = account["encryption"]
    return json.loads(decrypt(keys["response_key"], keys["response_salt"], fields["encData"]))


def posted(account, text):
    """The answer to a create as it was posted to `return_url`, in JSON or encrypted."""
    return json.loads(text) if text.startswith("{") else opened(account, text)


def told(account, text):
    """What a callback or a payer's browser posted, once its signature is right."""
    fields = dict(urllib.parse.parse_qsl(text, strict_parsing=True))
    if "encData" in fields:
        it = opened(account, text)["payInstrument"]
    else:
        it = json.loads(fields["payInstrument"])
    if not verify(account, it):
        raise ValueError("the signature is wrong")
    return it


def verify(account, it):
    """Is the signature of a `payInstrument` right?"""
    total = decimal.Decimal(str(it["payDetails"]["totalAmount"])).quantize(decimal.Decimal("0.01"))
    parts = [
        str(it["merchDetails"]["merchId"]),
        str(it["payDetails"]["atomTxnId"]),
        it["merchDetails"]["merchTxnId"],
        str(total),
        it["responseDetails"]["statusCode"],
        it["payModeSpecificData"]["subChannel"][0],
        it["payModeSpecificData"]["bankDetails"]["bankTxnId"],
    ]
    return hmac.compare_digest(sign(account["response_hash_key"], parts), it["payDetails"]["signature"])


OPS = {op.__name__: op for op in (sign, derive, encrypt, decrypt, call, posted, told, verify)}

for line in sys.stdin:
    try:
        args = json.loads(line)
        reply = {"value": OPS[args.pop("op")](**args)}
    except Exception as fault:
        reply = {"error": f"{type(fault).__name__}: {fault}"}
    print(json.dumps(reply), flush=True)
