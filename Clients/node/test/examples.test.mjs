import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, test } from "node:test";
import { AssayClient, eventJSON } from "../index.mjs";
import { client, temporaryFolder } from "./support/paths.mjs";
import { Sidecar } from "./support/sidecar.mjs";
import { install, tsc } from "./support/typescript.mjs";

/** Stand-ins for packages that are not here: decorators that do nothing, errors that are errors. */
const standIns = {
  "@nestjs/common": `
    const decorator = () => () => {};
    for (const name of ["Global", "Module", "Injectable", "Controller", "Inject"]) exports[name] = decorator;
    for (const name of ["Req", "Post", "HttpCode", "UseGuards"]) exports[name] = decorator;
    exports.Logger = class { error() {} };
    exports.ForbiddenException = class ForbiddenException extends Error {};
    exports.UnprocessableEntityException = class UnprocessableEntityException extends Error {};`,
  bullmq: "exports.UnrecoverableError = class UnrecoverableError extends Error {}; exports.Worker = class {};",
};

const shared = await Sidecar.shared();
const examples = await compile();

/** Checks the examples, and what consumers may write, as strictly as the compiler can; loads what it wrote. */
async function compile() {
  const folder = temporaryFolder({ after });
  install(folder);
  for (const [name, text] of Object.entries(standIns)) {
    mkdirSync(path.join(folder, "node_modules", name), { recursive: true });
    writeFileSync(path.join(folder, "node_modules", name, "index.js"), text);
  }
  await tsc("-p", path.join(client, "test/types"), "--outDir", folder);
  const load = createRequire(path.join(folder, "examples/x.js"));
  const names = ["payout", "bullmq/worker", "sqs/worker", "nestjs/payout.guard", "nestjs/payout.service"];
  const modules = [...names, "nestjs/payouts.controller", "nestjs/assay.module"].map((name) => load(`./${name}.js`));
  return Object.assign({}, ...modules);
}

function connect(test, socketPath = shared.socketPath) {
  const made = new AssayClient({ socketPath, timeoutMs: 5_000 });
  test.after(() => made.close());
  return made;
}

/** A ledger that does nothing twice, and remembers what it did. */
class MemoryLedger {
  done = new Map();
  pay(id) { return this.#once(id, "paid"); }
  hold(id, why) { return this.#once(id, `held: ${why}`); }
  reject(id) { return this.#once(id, "rejected"); }
  async #once(id, what) {
    if (!this.done.has(id)) this.done.set(id, what);
  }
}

let count = 0;
const payout = (changes = {}) => ({
  id: `r${process.pid}-${(count += 1)}`,
  userId: `u${count}`,
  receiver: `u${count}@example.com`,
  amountMinor: 500n,
  currency: "EUR",
  method: "paypal",
  createdAt: new Date("2026-03-05T12:00:00Z"),
  facts: facts(`d${count}`),
  ...changes,
});

/** A device and an account with which nothing is wrong. */
function facts(deviceId) {
  const verdicts = {
    deviceIntegrity: { deviceRecognitionVerdict: ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY"] },
    requestDetails: { requestHash: `a1-${deviceId}`, timestampMillis: String(Date.parse("2026-03-05T11:59:59Z")) },
    appIntegrity: { appRecognitionVerdict: "PLAY_RECOGNIZED" },
    accountDetails: { appLicensingVerdict: "LICENSED" },
    environmentDetails: { playProtectVerdict: "NO_ISSUES" },
  };
  return {
    account: { created_at: "2025-07-30T12:17:43Z", country: "DE", email_domain: "example.com" },
    device: {
      id: deviceId, os: "android", model: "Pixel 8", abi: "arm64-v8a", play_integrity: verdicts,
      expected_request_hash: `a1-${deviceId}`,
    },
    network: { country: "DE", kind: "wifi" },
  };
}

/** Payouts of different players to one receiver: the last of these is blocked by the rules of rewards. */
async function sharedReceiver(decide) {
  const receiver = `shared-${(count += 1)}@example.com`;
  const verdicts = [];
  for (let index = 0; index < 6; index += 1) verdicts.push(await decide(payout({ receiver })));
  return verdicts;
}

const job = (made, attemptsMade = 0) => ({
  data: { payoutId: made.id, event: eventJSON(examples.payoutEvent(made)) },
  attemptsMade,
});

const named = (name) => (error) => error.constructor.name === name;

test("BullMQ: a job is done when the ledger has the decision", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const outcomes = await sharedReceiver(async (made) => {
    await examples.attempt(job(made), decider, ledger);
    return ledger.done.get(made.id);
  });
  assert.equal(outcomes[0], "paid");
  assert.ok(outcomes.some((outcome) => outcome === "rejected" || outcome.startsWith("held: ")), outcomes.join());
});

test("BullMQ: an attempt that died before the ledger is made again, and pays once", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const made = payout();
  const dying = { pay: () => Promise.reject(new Error("the process died")) };
  await assert.rejects(examples.attempt(job(made), decider, dying), /died/);
  await examples.attempt(job(made, 1), decider, ledger);
  await examples.attempt(job(made, 2), decider, ledger);
  assert.deepEqual([...ledger.done], [[made.id, "paid"]]);
});

test("BullMQ: without a sidecar attempts fail, and the last one holds the payout", async (test) => {
  const decider = connect(test, "/nowhere/s");
  const ledger = new MemoryLedger();
  const made = payout();
  await assert.rejects(examples.attempt(job(made), decider, ledger), { name: "AssayUnavailable" });
  assert.equal(ledger.done.size, 0);
  await examples.attempt(job(made, examples.attemptsMax - 1), decider, ledger);
  assert.match(ledger.done.get(made.id), /^held: not decided: no sidecar/);
});

test("BullMQ: an event at fault is held and not tried again", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const made = payout();
  await examples.attempt(job(made), decider, new MemoryLedger());
  const other = job({ ...made, amountMinor: 501n });
  await assert.rejects(examples.attempt(other, decider, ledger), named("UnrecoverableError"));
  assert.match(ledger.done.get(made.id), /^held: conflict: /);
});

test("BullMQ: a payout goes into the queue once, its event whole", async () => {
  const added = [];
  await examples.enqueue({ add: async (...all) => added.push(all) }, payout({ id: "r9", amountMinor: 2n ** 60n + 1n }));
  const [[name, data, options]] = added;
  assert.deepEqual([name, data.payoutId, options.jobId], ["payout", "r9", "payout-r9"]);
  assert.ok(data.event.includes('"amount_minor":1152921504606846977,'));
  assert.doesNotMatch(options.jobId, /:/);
});

/** A queue in memory that tells what was done with each message. */
class MemoryQueue {
  log = [];
  constructor(messages) { this.messages = messages; }
  async receive() { return this.messages.splice(0, 10); }
  async remove(message) { this.log.push(`removed ${message.receipt}`); }
  async postpone(message, seconds) { this.log.push(`postponed ${message.receipt} ${seconds}`); }
}

const message = (made, receipt, receiveCount = 1) =>
  ({ body: JSON.stringify(job(made).data), receipt, receiveCount });

test("SQS: a message is acknowledged after the ledger, and a second delivery pays nobody again", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const made = payout();
  const queue = new MemoryQueue([message(made, "a"), message(made, "b", 2), message(payout(), "c")]);
  const control = new AbortController();
  const reports = [];
  const receive = queue.receive.bind(queue);
  queue.receive = async () => {
    const messages = await receive();
    if (messages.length === 0) control.abort();
    return messages;
  };
  await examples.work(queue, decider, ledger, control.signal, (error) => reports.push(error));
  assert.deepEqual(queue.log.sort(), ["removed a", "removed b", "removed c"]);
  assert.deepEqual([...ledger.done.values()], ["paid", "paid"]);
  assert.deepEqual(reports, []);
});

test("SQS: without a sidecar a message comes again later, and at last the payout is held", async (test) => {
  const decider = connect(test, "/nowhere/s");
  const ledger = new MemoryLedger();
  const made = payout();
  const queue = new MemoryQueue([]);
  for (const receiveCount of [1, 2, 3, examples.deliveriesMax]) {
    await examples.handle(message(made, `m${receiveCount}`, receiveCount), queue, decider, ledger);
  }
  assert.deepEqual(queue.log, ["postponed m1 1", "postponed m2 2", "postponed m3 4", "removed m8"]);
  assert.match(ledger.done.get(made.id), /^held: not decided/);
});

test("SQS: what cannot be decided is held, what cannot be read or recorded stays in the queue", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const queue = new MemoryQueue([]);
  const made = payout({ currency: "EURO" });
  await examples.handle(message(made, "a"), queue, decider, ledger);
  assert.match(ledger.done.get(made.id), /^held: /);
  const unreadable = { body: "{", receipt: "b", receiveCount: 1 };
  await assert.rejects(examples.handle(unreadable, queue, decider, ledger), SyntaxError);
  const dead = { pay: () => Promise.reject(new Error("no database")) };
  await assert.rejects(examples.handle(message(payout(), "c"), queue, decider, dead), /no database/);
  assert.deepEqual(queue.log, ["removed a"]);
});

/** The guard and the controller as NestJS would call them. */
async function post(risk, store, ledger, headers, body) {
  const request = { headers, body };
  const guard = new examples.PayoutGuard(risk, store);
  await guard.canActivate({ switchToHttp: () => ({ getRequest: () => request }) });
  return new examples.PayoutsController(ledger).create(request);
}

test("NestJS: a payout is paid, put off or refused", async (test) => {
  const decider = connect(test);
  const ledger = new MemoryLedger();
  const risk = new examples.PayoutRisk(decider);
  const written = new Map();
  const store = { open: async (id, body) => written.get(id) ?? written.set(id, payout(body)).get(id) };
  const headers = { "idempotency-key": "k1" };
  const first = await post(risk, store, ledger, headers, {});
  assert.equal(first.status, "paid");
  assert.deepEqual(await post(risk, store, ledger, headers, {}), first);
  assert.equal(ledger.done.size, 1);
  await assert.rejects(post(risk, store, ledger, {}, {}), named("UnprocessableEntityException"));
  const answers = await sharedReceiver(async (made) => {
    try {
      return (await post(risk, { open: async () => made }, ledger, headers, {})).status;
    } catch (error) {
      return error.constructor.name;
    }
  });
  assert.ok(answers.includes("ForbiddenException") || answers.includes("pending"), answers.join());
});

test("NestJS: without a sidecar a payout waits for people, and a faulty one fails", async (test) => {
  const ledger = new MemoryLedger();
  const made = payout();
  const store = { open: async () => made };
  const headers = { "idempotency-key": "k" };
  const answer = await post(new examples.PayoutRisk(connect(test, "/nowhere/s")), store, ledger, headers, {});
  assert.equal(answer.status, "pending");
  assert.match(ledger.done.get(made.id), /^held: not decided/);
  const faulty = { open: async () => payout({ currency: "EURO" }) };
  const risk = new examples.PayoutRisk(connect(test));
  await assert.rejects(post(risk, faulty, ledger, headers, {}), { name: "AssayProblem" });
});

test("NestJS: the module makes one client and closes it", async () => {
  const { AssayModule, AssayShutdown } = examples;
  const { providers, exports } = AssayModule.forRoot({ socketPath: shared.socketPath });
  const made = providers[0].useFactory();
  assert.deepEqual(exports, [providers[0].provide]);
  assert.equal((await made.ready({ timeoutMs: 5_000 })).ready, true);
  await new AssayShutdown(made).onApplicationShutdown();
  await assert.rejects(made.decide("{}"), { code: "closed" });
});
