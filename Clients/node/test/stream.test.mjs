import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import stream from "../lib/stream.js";
import { AssayClient, AssayProblem, AssayTimeout } from "../index.mjs";
import { chunk, http, peer } from "./support/peer.mjs";
import { Sidecar } from "./support/sidecar.mjs";

const { DecisionStream } = stream;
const streamHead = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
const decision = '{"event":"e","outcome":"allow","score":0}\n';

const shared = await Sidecar.shared();

function connect(test, socketPath, options = {}) {
  const client = new AssayClient({ socketPath, timeoutMs: 5_000, ...options });
  test.after(() => client.close());
  return client;
}

const session = (number) => ({
  id: `session:n${number}`,
  type: "session.started",
  time: new Date(Date.UTC(2026, 2, 1) + number * 1_000),
  user: { id: `u${number % 97}` },
});

/** Events one after the other, counting how many were taken. */
async function* source(count, counter) {
  try {
    for (; counter.taken < count; counter.taken += 1) yield session(counter.taken);
  } finally {
    counter.ended = true;
  }
}

test("20,000 events are answered in order, and the source waits for the consumer", async (test) => {
  const client = connect(test, shared.socketPath);
  const counter = { taken: 0 };
  let index = 0;
  let aheadMax = 0;
  for await (const answer of client.decideMany(source(20_000, counter), { ahead: 64 })) {
    assert.equal(answer.index, index);
    assert.equal(answer.event.id, `session:n${index}`);
    assert.equal(answer.decision?.event, answer.event.id);
    index += 1;
    aheadMax = Math.max(aheadMax, counter.taken - index);
    // A consumer that is slow now and then, for much longer than the sidecar needs for all the rest.
    if (index % 4_000 === 1) await sleep(50);
  }
  assert.equal(index, 20_000);
  assert.ok(counter.ended);
  assert.ok(aheadMax <= 64 && aheadMax > 8, `${aheadMax} ahead`);
});

test("a bad event is answered in its place and ends nothing", async (test) => {
  const client = connect(test, shared.socketPath);
  const faulty = ['{"id":', { ...session(2), user: {} }];
  const events = [session(1), ...faulty, `${JSON.stringify(session(3))}\r\n`, Buffer.from("[]")];
  const answers = [];
  for await (const { index, event, decision, problem } of client.decideMany(events)) {
    assert.equal(event, events[index]);
    answers.push(decision?.event ?? problem.code);
    assert.equal(problem instanceof AssayProblem, decision === undefined);
  }
  assert.deepEqual(answers, ["session:n1", "not-json", "missing-field", "session:n3", "not-an-object"]);
});

test("what would be no event or several is refused with its number", async (test) => {
  const client = connect(test, shared.socketPath);
  for (const [event, message] of [
    ["{}\n{}", /event 1: .* one line/], [" \r\n", /event 1: .* blank/], ["", /event 1: .* blank/],
    [7, /event 1: .* object/], [{ a: 2 ** 60 }, /event 1: .*2\^53/],
  ]) {
    const take = async () => { for await (const _ of client.decideMany([session(1), event])); };
    await assert.rejects(take(), { name: "TypeError", message });
  }
  await assert.rejects(client.decideMany("{}").next(), /no iterable/);
  await assert.rejects(client.decideMany(7).next(), /no iterable/);
});

test("who leaves the loop ends the request and the source", async (test) => {
  const client = connect(test, shared.socketPath);
  const counter = { taken: 0 };
  for await (const { index } of client.decideMany(source(1e9, counter), { ahead: 16 })) if (index === 99) break;
  await sleep(20);
  assert.ok(counter.ended && counter.taken <= 120, JSON.stringify(counter));
  // A source that never gives another event holds nobody.
  async function* stuck() {
    yield session(1);
    await new Promise(() => {});
  }
  for await (const answer of client.decideMany(stuck())) {
    assert.equal(answer.decision.event, "session:n1");
    break;
  }
  const { decision } = (await client.decideMany([session(1)]).next()).value;
  assert.equal(decision.repeated, true);
});

test("the source's error comes after the answers that are there", async (test) => {
  const client = connect(test, shared.socketPath);
  async function* broken() {
    yield session(1);
    await sleep(200);
    throw new Error("the queue is gone");
  }
  const answers = client.decideMany(broken());
  assert.equal((await answers.next()).value.index, 0);
  await assert.rejects(answers.next(), /the queue is gone/);
  // Whatever it is.
  async function* nothing() {
    throw undefined;
  }
  assert.equal(await client.decideMany(nothing()).next().catch((error) => `caught ${error}`), "caught undefined");
});

test("answers that are owed for too long are a time-out; a slow source is none", async (test) => {
  const seen = await peer(test, (_, socket) => {
    socket.write(streamHead);
    socket.once("data", () => socket.write(chunk(decision)));
  });
  const client = connect(test, seen.socketPath, { timeoutMs: 250 });
  async function* slow() {
    await sleep(400);
    yield "{}";
    await sleep(400);
    yield "{}";
  }
  const answers = client.decideMany(slow());
  // The first event came after the time-out; that is nobody's fault but the source's.
  assert.equal((await answers.next()).value.index, 0);
  await assert.rejects(answers.next(), AssayTimeout);
});

test("a body that stands still is kept alive by blank lines", async (test) => {
  const bytes = [];
  const seen = await peer(test, (_, socket) => {
    socket.write(streamHead);
    socket.on("data", (part) => bytes.push(part.toString()));
  });
  const control = new AbortController();
  async function* silent() {
    await new Promise(() => {});
  }
  const { socketPath } = seen;
  const options = { target: { name: "p", options: { socketPath } }, ahead: 8, timeoutMs: 100, heartbeatMs: 150 };
  const answers = new DecisionStream(silent(), { ...options, signal: control.signal }).run();
  const end = assert.rejects(answers.next(), { name: "AbortError" });
  await sleep(400);
  assert.match(bytes.join(""), /^(1\r\n\n\r\n)+$/);
  control.abort();
  await end;
  assert.deepEqual(getEventListeners(control.signal, "abort"), []);
});

test("a connection that is lost is told after the answers that came", async (test) => {
  const seen = await peer(test, (_, socket) => {
    // The second line is cut in the middle of a character.
    const line = Buffer.from(decision.replace('"e"', '"é"'));
    const cut = line.indexOf(0xc3) + 1;
    socket.write(streamHead);
    for (const part of [line, line.subarray(0, cut), line.subarray(cut)]) {
      socket.write(`${part.length.toString(16)}\r\n`);
      socket.write(part);
      socket.write("\r\n");
    }
    setTimeout(() => socket.destroy(), 50);
  });
  const taken = [];
  const take = async () => {
    const answers = connect(test, seen.socketPath).decideMany(["{}", "{}", "{}"]);
    for await (const { decision } of answers) taken.push(decision.event);
  };
  await assert.rejects(take(), { name: "AssayUnavailable", code: "connection-lost" });
  assert.deepEqual(taken, ["é", "é"]);
  assert.equal(seen.connections, 1);
});

test("a stream that is refused, cut short or answered too often is told", async (test) => {
  const overloaded = '{"type":"urn:assay:problem:overloaded","status":503,"code":"overloaded","retry_after":1}\n';
  const cases = [
    [http(503, overloaded), "overloaded"], [http(200, "x\n"), "bad-answer"],
    [http(200, `${decision}${decision}`), "bad-answer"], [streamHead + "0\r\n\r\n", "connection-lost"],
    [streamHead + chunk("{}\n"), "bad-answer"],
  ];
  for (const [answer, code] of cases) {
    const seen = await peer(test, (_, socket) => setTimeout(() => socket.write(answer), 20));
    const take = async () => { for await (const _ of connect(test, seen.socketPath).decideMany(["{}"])); };
    await assert.rejects(take(), { name: "AssayUnavailable", code });
  }
  const take = async () => { for await (const _ of connect(test, "/nowhere/s").decideMany(["{}"])); };
  await assert.rejects(take(), { code: "no-sidecar" });
});

test("close ends streams", async (test) => {
  const seen = await peer(test, (_, socket) => socket.write(streamHead + chunk(decision)));
  const client = connect(test, seen.socketPath);
  const answers = client.decideMany(["{}", "{}"]);
  assert.equal((await answers.next()).value.index, 0);
  const end = assert.rejects(answers.next(), { code: "closed" });
  await client.close();
  await end;
  await assert.rejects(client.decideMany(["{}"]).next(), { code: "closed" });
});
