// Opens a page in headless Chromium, does what standard input says, and prints what came of it as one JSON object.
//
//   node page.mjs FILE < steps.json
//
// Steps are {"evaluate": EXPRESSION}, {"key": NAME}, {"width": PIXELS, "height": PIXELS}, {"media": "print" | "dark"
// | "light"}, {"screenshot": FILE}, {"pdf": FILE}. Chromium is spoken to over a pipe: there is no port that another could find.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const secondsMax = 60;
const browser = process.env.ASSAY_CHROMIUM ?? "chromium";
const page = pathToFileURL(resolve(process.argv[2])).href;
const steps = JSON.parse(readFileSync(0, "utf8"));
const profile = mkdtempSync(join(tmpdir(), "assay-page-"));

const child = spawn(
  browser,
  [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND", `--user-data-dir=${profile}`, "--remote-debugging-pipe",
    "--window-size=1280,900", "about:blank",
  ],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"], detached: true },
);
const [, , , toBrowser, fromBrowser] = child.stdio;

const found = { results: [], console: [], requests: [] };
const waiting = new Map();
const listeners = new Map();
let nextId = 1;
let pending = Buffer.alloc(0);

function send(method, params = {}, sessionId) {
  const id = nextId++;
  toBrowser.write(JSON.stringify({ id, method, params, sessionId }) + "\0");
  return new Promise((done, fail) => waiting.set(id, { done, fail, method }));
}

function once(method) {
  return new Promise((done) => listeners.set(method, done));
}

function take(message) {
  if (message.id) {
    const { done, fail, method } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.error) fail?.(new Error(`${method}: ${message.error.message}`));
    else done?.(message.result);
    return;
  }
  const { method, params } = message;
  if (method === "Runtime.consoleAPICalled") found.console.push(params.args.map((value) => value.value ?? value.description).join(" "));
  if (method === "Runtime.exceptionThrown") found.console.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
  if (method === "Log.entryAdded") found.console.push(params.entry.text);
  if (method === "Network.requestWillBeSent" && params.request.url !== page) found.requests.push(params.request.url);
  listeners.get(method)?.(params);
  listeners.delete(method);
}

fromBrowser.on("data", (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  for (let end = pending.indexOf(0); end >= 0; end = pending.indexOf(0)) {
    const text = pending.subarray(0, end).toString("utf8");
    pending = pending.subarray(end + 1);
    take(JSON.parse(text));
  }
});

const evaluate = async (expression, session) => {
  const { result, exceptionDetails } = await send(
    "Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, session);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value ?? null;
};
const settled = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))";

async function act(step, session) {
  if (step.width) {
    const metrics = { width: step.width, height: step.height ?? 900, deviceScaleFactor: 1, mobile: false };
    await send("Emulation.setDeviceMetricsOverride", metrics, session);
  } else if (step.media) {
    const isScheme = step.media !== "print";
    await send("Emulation.setEmulatedMedia", {
      media: isScheme ? "" : "print",
      features: isScheme ? [{ name: "prefers-color-scheme", value: step.media }] : [],
    }, session);
  } else if (step.key) {
    for (const type of ["keyDown", "keyUp"]) {
      await send("Input.dispatchKeyEvent", { type, key: step.key, code: step.key, windowsVirtualKeyCode: step.code }, session);
    }
    await evaluate(settled, session);
  } else if (step.screenshot) {
    const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: step.whole !== false, clip: step.clip }, session);
    writeFileSync(step.screenshot, Buffer.from(data, "base64"));
  } else if (step.pdf) {
    const { data } = await send("Page.printToPDF", { printBackground: true, preferCSSPageSize: true }, session);
    writeFileSync(step.pdf, Buffer.from(data, "base64"));
  } else {
    const value = await evaluate(step.evaluate, session);
    await evaluate(settled, session);
    found.results.push(value);
  }
}

async function run() {
  const { targetInfos } = await send("Target.getTargets");
  const target = targetInfos.find(({ type }) => type === "page");
  const { sessionId } = await send("Target.attachToTarget", { targetId: target.targetId, flatten: true });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`, {}, sessionId);
  const loaded = once("Page.loadEventFired");
  await send("Page.navigate", { url: page }, sessionId);
  await loaded;
  for (const step of steps) await act(step, sessionId);
}

function end(code) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has gone by itself.
  }
  // Its processes may still be writing there.
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  process.exit(code);
}

setTimeout(() => {
  console.error(`the page did not answer within ${secondsMax} s`);
  end(1);
}, secondsMax * 1000);
child.on("error", (error) => {
  console.error(error.message);
  end(1);
});

try {
  await run();
  process.stdout.write(JSON.stringify(found) + "\n", () => end(0));
} catch (error) {
  console.error(error.message);
  end(1);
}
