import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { AssayClient, AssayTimeout } from "../index.mjs";
import { events } from "./support/paths.mjs";
import { allow, peer } from "./support/peer.mjs";
import { Sidecar } from "./support/sidecar.mjs";

function connect(test, socketPath, options = {}) {
  const client = new AssayClient({ socketPath, ...options });
  test.after(() => client.close());
  return client;
}

/** How long a call takes to be rejected, and with what; milliseconds. */
async function rejection(call) {
  const start = performance.now();
  const error = await call().then(() => assert.fail("it was kept"), (error) => error);
  return { error, took: performance.now() - start };
}

/** What a request says of its deadline. */
const deadline = (request) => Number(/^deadline-ms: (\d+)\r$/m.exec(request)[1]);

test("a sidecar that says nothing is waited for no longer than was said", async (test) => {
  const seen = await peer(test, () => {});
  const client = connect(test, seen.socketPath, { timeoutMs: 250 });
  for (const [options, expected] of [[undefined, 250], [{ timeoutMs: 400 }, 400]]) {
    const { error, took } = await rejection(() => client.decide("{}", options));
    assert.ok(error instanceof AssayTimeout);
    assert.equal(error.timeoutMs, expected);
    assert.ok(took >= expected - 2 && took < expected + 500, `${took} ms`);
    const told = deadline(seen.requests.at(-1));
    assert.ok(told >= 1 && told <= expected - 10, `${told} ms`);
  }
  // A connection that owes an answer is not used again, and a time-out is not tried again.
  assert.deepEqual([seen.connections, seen.requests.length], [2, 2]);
});

test("the time in the queue for a connection counts, and the sidecar is told what is left", async (test) => {
  const seen = await peer(test, (_, socket, number) => setTimeout(() => socket.write(allow), number === 1 ? 100 : 0));
  const client = connect(test, seen.socketPath, { timeoutMs: 2_000, socketsMax: 1 });
  await Promise.all([client.decide("{}"), client.decide("{}")]);
  const [first, second] = seen.requests.map(deadline);
  assert.ok(first > 1_000 && second <= first - 50, `${first} ms, then ${second} ms`);
  const busy = client.decide("{}");
  const { error } = await rejection(() => client.decide("{}", { timeoutMs: 1 }));
  assert.ok(error instanceof AssayTimeout);
  await busy;
});

test("a real sidecar takes the deadline, and a whole answer within it", async (test) => {
  const sidecar = await Sidecar.start(test);
  const client = connect(test, sidecar.socketPath, { timeoutMs: 3_000 });
  assert.equal((await client.decide(events[0], { timeoutMs: 3_599_999 })).repeated, false);
  assert.equal((await client.decide(events[0])).repeated, true);
});

test("the caller's signal ends a request with its reason", async (test) => {
  const seen = await peer(test, () => {});
  const client = connect(test, seen.socketPath, { timeoutMs: 10_000 });
  const control = new AbortController();
  const reason = new Error("the player hung up");
  setTimeout(() => control.abort(reason), 20);
  // Also where there is a choice for want of a decision: the caller wants none any more.
  const { error } = await rejection(() => client.decide("{}", { signal: control.signal, otherwise: "review" }));
  assert.equal(error, reason);
  await assert.rejects(client.decide("{}", { signal: control.signal }), reason);
  await assert.rejects(client.ready({ signal: control.signal }), reason);
  assert.equal(seen.requests.length, 1);
  const { error: late } = await rejection(() => client.decide("{}", { signal: AbortSignal.timeout(20) }));
  assert.equal(late.name, "TimeoutError");
});

test("nothing is left behind at the caller's signal", async (test) => {
  const seen = await peer(test, (_, socket, number) => number < 50 && socket.write(allow));
  const client = connect(test, seen.socketPath, { timeoutMs: 2_000 });
  const { signal } = new AbortController();
  for (let index = 1; index < 50; index += 1) await client.decide("{}", { signal });
  await assert.rejects(client.decide("{}", { signal, timeoutMs: 10 }), AssayTimeout);
  assert.deepEqual(getEventListeners(signal, "abort"), []);
});

test("an answer that is there is no time-out, however busy the process was", async (test) => {
  const sidecar = await Sidecar.start(test);
  const client = connect(test, sidecar.socketPath, { timeoutMs: 5_000 });
  await client.decide(events[0]);
  const answer = client.decide(events[1], { timeoutMs: 400 });
  await new Promise(setImmediate);
  // The request is out; its answer comes while nobody reads.
  keepBusy(600);
  assert.equal((await answer).repeated, false);
});

function keepBusy(milliseconds) {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}
