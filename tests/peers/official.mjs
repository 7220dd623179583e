// The official Node libraries, spoken to in JSON lines: {"op", …} in, {"value"} or {"error"} out.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const checksum = require("paytmchecksum");
const { PaySharp, PaySharpError, parseWebhook } = require("paysharp-node");
const paytm = require("paytm-pg-node-sdk");
const { Webhook } = require("standardwebhooks");

console.log = () => {}; // the checksum library prints its own troubles on standard output
paytm.LoggingUtil.logger = { log() {} }; // else it writes a file into the folder it is called from

async function verify(params, key, signature) {
  try {
    return (await checksum.verifySignature(params, key, signature)) === true;
  } catch {
    return false;
  }
}

const ops = {
  sign: ({ key, text }) => checksum.generateSignature(text, key),
  verify: ({ key, text, signature }) => verify(text, key, signature),
  sign_form: ({ key, fields }) => checksum.generateSignature(fields, key),
  verify_form: ({ key, fields }) => {
    const { CHECKSUMHASH: signature, ...others } = fields;
    return verify(others, key, signature);
  },

  // A whole request as Paytm's Node clients send it: compact, head first.
  async request({ key, head, body }) {
    const text = JSON.stringify(body);
    const signature = await checksum.generateSignature(text, key);
    return `{"head":${JSON.stringify({ ...head, signature })},"body":${text}}`;
  },

  // What Paytm's Node clients make of an answer.
  async answer({ key, text }) {
    const parsed = JSON.parse(text);
    return {
      stable: JSON.stringify(parsed) === text,
      verified: await verify(JSON.stringify(parsed.body), key, parsed.head.signature ?? ""),
    };
  },

  // What Paytm's SDK makes of an order: it asks, and checks the signature of the answer.
  async order_status({ base_url, mid, key, client_id, order_id }) {
    const merchant = paytm.MerchantProperties;
    merchant.isInitialized = true;
    merchant.setMid(mid);
    merchant.setMerchantKey(key);
    merchant.setClientId(client_id);
    merchant.paymentStatusUrl = `${base_url}/merchant-status/api/v1/getPaymentStatus`;
    const asked = new paytm.PaymentStatusDetailBuilder(order_id).build();
    const answer = (await paytm.Payment.getPaymentStatus(asked)).getResponseObject();
    const { resultInfo, ...body } = answer.getBody();
    return { ...body, code: resultInfo.resultCode, status: resultInfo.resultStatus, text: String(resultInfo.resultMsg) };
  },

  // A method of paysharp-node's links: what it gives, or what it throws.
  async paysharp({ base_url, token, method, argument }) {
    const client = new PaySharp({ baseUrl: base_url, token, maxRetries: 0 });
    try {
      return await client.paymentLinks[method](argument);
    } catch (fault) {
      if (!(fault instanceof PaySharpError)) throw fault;
      const { status, code, message } = fault;
      return { thrown: { status, code, message } };
    }
  },
  paysharp_webhook: ({ payload }) => parseWebhook(payload),

  webhook: ({ secret, headers, payload }) => new Webhook(secret).verify(payload, headers),
  sign_webhook: ({ secret, id, at_s, payload }) =>
    new Webhook(secret).sign(id, new Date(at_s * 1000), payload),
};

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    const { op, ...args } = JSON.parse(line);
    reply = { value: await ops[op](args) };
  } catch (fault) {
    reply = { error: String(fault) };
  }
  process.stdout.write(JSON.stringify(reply) + "\n");
}
