// Drives headless Chromium through a plan (JSON on standard input) and prints what it saw (JSON).
// Plan: {base, javascript, width, locale, text_percent, steps: [{do, …}]}; see `acts` for the steps.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const plan = JSON.parse(readFileSync(0, "utf8"));
const pixels = Math.round((16 * (plan.text_percent ?? 100)) / 100);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--blink-settings=defaultFontSize=${pixels},defaultFixedFontSize=${pixels}`,
  ],
});
const context = await browser.newContext({
  javaScriptEnabled: plan.javascript ?? true,
  viewport: { width: plan.width ?? 360, height: 740 },
  locale: plan.locale ?? "en-IN",
  colorScheme: plan.dark ? "dark" : "light",
});
const page = await context.newPage();
page.setDefaultTimeout(10_000);

const seen = { requests: [], dialogs: [], errors: [], bytes: 0, steps: [] };
page.on("request", (request) => seen.requests.push(request.url()));
page.on("requestfinished", async (request) => {
  const sizes = await request.sizes().catch(() => ({ responseBodySize: 0, responseHeadersSize: 0 }));
  seen.bytes += sizes.responseBodySize + sizes.responseHeadersSize;
});
page.on("dialog", async (dialog) => {
  seen.dialogs.push(dialog.message());
  await dialog.dismiss();
});
page.on("pageerror", (error) => seen.errors.push(String(error)));
page.on("console", (message) => {
  if (message.type() === "error") seen.errors.push(message.text());
});

// A page that follows a payment keeps a stream open: its network is never idle.
const settled = async () => {
  const follows = page.locator("[data-events]").waitFor({ state: "attached" });
  await Promise.any([page.waitForLoadState("networkidle"), follows]);
  await page.waitForLoadState("load");
};

const acts = {
  async open({ path }) {
    const answer = await page.goto(plan.base + path);
    await settled();
    return answer.status();
  },
  async click({ selector }) {
    await page.locator(selector).first().click();
    await settled();
    return page.url();
  },
  async back() {
    await page.goBack();
    await settled();
    return page.url();
  },
  async reload() {
    await page.reload();
    await settled();
    return page.url();
  },
  // Waits for an element.
  appears: ({ selector, timeout_ms }) => page.locator(selector).first().waitFor({ timeout: timeout_ms }),
  fill: ({ selector, value }) => page.locator(selector).first().fill(value),
  select: ({ selector, value }) => page.locator(selector).first().selectOption(value),
  count: ({ selector }) => page.locator(selector).count(),
  text: ({ selector }) => page.locator(selector ?? "body").first().innerText(),
  attribute: ({ selector, name }) => page.locator(selector).first().getAttribute(name),
  url: () => page.url(),
  shot: ({ path }) => page.screenshot({ path, fullPage: true }).then(() => path),

  // How far the page reaches beyond the right edge, in pixels.
  overflow: () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  font_size: () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize)),

  // Everything axe-core finds, as "rule: element".
  async axe() {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  },
};

try {
  for (const { do: act, ...args } of plan.steps) seen.steps.push((await acts[act](args)) ?? null);
} catch (fault) {
  seen.fault = `step ${seen.steps.length} (${JSON.stringify(plan.steps[seen.steps.length])}): ${fault}`;
  seen.page = await page.content().catch(String);
}
await browser.close();
process.stdout.write(JSON.stringify(seen) + "\n");
