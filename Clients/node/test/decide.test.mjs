import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { AssayClient, AssayProblem, eventJSON } from "../index.mjs";
import { assay, events, rules } from "./support/paths.mjs";
import { Sidecar } from "./support/sidecar.mjs";

/** What `assay replay` writes for these lines. */
function replay(lines) {
  const options = { input: lines.join("\n"), encoding: "utf8", maxBuffer: 1 << 28 };
  return execFileSync(assay, ["replay", rules, "-", "--quiet"], options).trimEnd().split("\n");
}

const shared = await Sidecar.shared();

function connect(test, sidecar = shared) {
  const client = new AssayClient({ socketPath: sidecar.socketPath, timeoutMs: 5_000 });
  test.after(() => client.close());
  return client;
}

const payout = (id) => ({
  id,
  type: "payout.requested",
  time: new Date("2026-03-05T12:00:00Z"),
  user: { id: "u-node" },
  payout: { amount_minor: 500n, currency: "EUR", method: "paypal", receiver: "ann@example.com" },
});

test("decisions are replay's, byte for byte", async (test) => {
  const expected = replay(events);
  const client = connect(test, await Sidecar.start(test));
  const half = events.length >> 1;
  for (let index = 0; index < 500; index += 1) {
    assert.equal(await client.decide(events[index], { as: "text" }), expected[index]);
  }
  // The same window of events goes on as a stream: one engine, whichever way.
  let index = 500;
  for await (const { decision } of client.decideMany(events.slice(500, half), { as: "text" })) {
    assert.equal(decision, expected[index]);
    index += 1;
  }
  assert.equal(index, half);
  for await (const { decision } of client.decideMany(events.slice(half).map((line) => JSON.parse(line)))) {
    assert.deepEqual(decision, JSON.parse(expected[index]));
    index += 1;
  }
  assert.equal(index, events.length);
});

test("an event is the same as an object, as text and as bytes", async (test) => {
  const client = connect(test);
  const first = await client.decide(payout("p1"));
  assert.equal(first.repeated, false);
  for (const form of [payout("p1"), eventJSON(payout("p1")), Buffer.from(eventJSON(payout("p1")))]) {
    assert.deepEqual(await client.decide(form), { ...first, repeated: true });
  }
});

test("64-bit integers arrive whole", async (test) => {
  const client = connect(test);
  const event = payout("p-large");
  event.payout.amount_minor = 2n ** 62n + 1n;
  await client.decide(event);
  // One less is other content, which no double could tell.
  event.payout.amount_minor -= 1n;
  await assert.rejects(client.decide(event), { name: "AssayProblem", status: 409, code: "conflict" });
  event.payout.amount_minor = 2n ** 63n;
  await assert.rejects(client.decide(event), { name: "AssayProblem", status: 422, field: "payout.amount" });
});

test("a dry run records nothing", async (test) => {
  const client = connect(test);
  for (const event of [payout("p-dry"), eventJSON(payout("p-dry")), Buffer.from(`\n ${eventJSON(payout("p-dry"))}`)]) {
    const decision = await client.decide(event, { dryRun: true });
    assert.equal(decision.dry_run, true);
    assert.equal(decision.repeated, false);
  }
  for await (const { decision } of client.decideMany([payout("p-dry")], { dryRun: true })) {
    assert.equal(decision.dry_run, true);
  }
  assert.equal((await client.decide(payout("p-dry"))).repeated, false);
});

test("problems tell their field, and are not tried again", async (test) => {
  const client = connect(test);
  const cases = [
    ['{"id":', { status: 400, code: "not-json" }],
    [{ ...payout("p2"), user: {} }, { status: 422, code: "missing-field", field: "user.id" }],
    [{ ...payout("p3"), type: "payout.imagined" }, { status: 422, field: "type" }],
    [{ ...payout("p4"), padding: "x".repeat(1 << 20) }, { status: 413, code: "too-large" }],
  ];
  for (const [event, expected] of cases) {
    const error = await client.decide(event, { otherwise: "review" }).catch((error) => error);
    assert.ok(error instanceof AssayProblem, String(error));
    for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value);
    assert.equal(error.type, `urn:assay:problem:${error.code}`);
    assert.equal(error.message, error.detail);
  }
  const other = { idempotencyKey: "other" };
  await assert.rejects(client.decide(payout("p5"), other), { code: "idempotency-key", field: "id", status: 422 });
  const own = { idempotencyKey: "p5", traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };
  assert.equal((await client.decide(payout("p5"), own)).event, "p5");
});

test("the rules and the readiness", async (test) => {
  const client = connect(test);
  const { name, version, rules } = await client.ruleset();
  assert.equal(name, "rewards");
  assert.match(version, /^sha256:[0-9a-f]{64}$/);
  assert.ok(rules.some((rule) => rule.id === "fast-cashout" && rule.status === "live"));
  assert.deepEqual(await client.ready(), { ready: true, detail: "ready" });
  await client.close();
  const { ready, error } = await client.ready();
  assert.deepEqual([ready, error.code], [false, "closed"]);
});

test("an event that JSON would change in silence is refused before it is sent", () => {
  const refused = [
    [{ a: 2 ** 53 }, /`event\.a` is beyond 2\^53/],
    [{ a: [{ b: NaN }] }, /`event\.a\[0\]\.b` is NaN/],
    [{ a: new Map() }, /`event\.a` is a collection/],
    [{ a: () => {} }, /`event\.a` is a function/],
    [[], /an event is an object/],
    [null, /an event is an object/],
  ];
  for (const [event, message] of refused) assert.throws(() => eventJSON(event), { name: "TypeError", message });
  const loop = {};
  loop.self = loop;
  assert.throws(() => eventJSON(loop), /holds itself/);
  const kept = { b: undefined, c: null, d: "é\n\"", e: [1, -0.5, true], f: new Date(0), g: -(2n ** 63n), h: {} };
  const text = '{"c":null,"d":"é\\n\\"","e":[1,-0.5,true],"f":"1970-01-01T00:00:00.000Z",'
    + '"g":-9223372036854775808,"h":{}}';
  assert.equal(eventJSON(kept), text);
});

test("options that make no sense are refused at once", async () => {
  for (const options of [undefined, {}, { host: "127.0.0.1" }, { socketPath: "/s", port: 1 }]) {
    assert.throws(() => new AssayClient(options), TypeError);
  }
  assert.throws(() => new AssayClient({ socketPath: "/s", timeoutMs: 0 }), RangeError);
  assert.throws(() => new AssayClient({ socketPath: "/s", socketsMax: 1.5 }), RangeError);
  const client = new AssayClient({ socketPath: "/s" });
  await assert.rejects(client.decide({}, { otherwise: "pay" }), TypeError);
  await assert.rejects(client.decide({}, { as: "yaml" }), TypeError);
  await assert.rejects(client.ready({ timeoutMs: -1 }), RangeError);
});
