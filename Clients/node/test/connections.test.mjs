import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { AssayClient, AssayTimeout, AssayUnavailable } from "../index.mjs";
import { events } from "./support/paths.mjs";
import { allow, http, peer } from "./support/peer.mjs";
import { Sidecar } from "./support/sidecar.mjs";

function connect(test, socketPath, options = {}) {
  const client = new AssayClient({ socketPath, timeoutMs: 5_000, ...options });
  test.after(() => client.close());
  return client;
}

test("one connection serves many requests, and no more than the bound are made", async (test) => {
  const seen = await peer(test, (_, socket) => setTimeout(() => socket.write(allow), 1));
  const client = connect(test, seen.socketPath, { socketsMax: 4 });
  for (let index = 0; index < 100; index += 1) await client.decide("{}");
  assert.equal(seen.connections, 1);
  await Promise.all(Array.from({ length: 200 }, () => client.decide("{}")));
  assert.equal(seen.connections, 4);
  assert.equal(seen.requests.length, 300);
});

test("a connection is kept when the sidecar refuses an event", async (test) => {
  const problem = '{"type":"urn:assay:problem:conflict","status":409,"code":"conflict","detail":"d"}\n';
  const seen = await peer(test, (_, socket) => socket.write(http(409, problem)));
  const client = connect(test, seen.socketPath);
  for (let index = 0; index < 5; index += 1) await assert.rejects(client.decide("{}"), { status: 409 });
  assert.deepEqual([seen.connections, seen.requests.length], [1, 5]);
});

test("a kept connection that closes under the request is tried once more, over a new one", async (test) => {
  const seen = await peer(test, (_, socket, number) => (number === 2 ? socket.destroy() : socket.write(allow)));
  const client = connect(test, seen.socketPath);
  await client.decide('{"id":"1"}');
  assert.equal((await client.decide('{"id":"2"}')).outcome, "allow");
  assert.deepEqual([seen.connections, seen.requests.length], [2, 3]);
  const bodies = seen.requests.map((request) => request.split("\r\n\r\n")[1]);
  assert.deepEqual(bodies, ['{"id":"1"}', '{"id":"2"}', '{"id":"2"}']);
});

test("the second try takes no other kept connection: that one may be as dead", async (test) => {
  const used = new Set();
  const seen = await peer(test, (_, socket) => {
    if (used.has(socket)) return socket.destroy();
    used.add(socket);
    setTimeout(() => socket.write(allow), 20);
  });
  const client = connect(test, seen.socketPath);
  await Promise.all([client.decide("{}"), client.decide("{}"), client.decide("{}")]);
  assert.equal((await client.decide("{}")).outcome, "allow");
  assert.deepEqual([seen.connections, seen.requests.length], [4, 5]);
});

test("once, not twice", async (test) => {
  const seen = await peer(test, (_, socket, number) => (number === 1 ? socket.write(allow) : socket.destroy()));
  const client = connect(test, seen.socketPath);
  await client.decide("{}");
  await assert.rejects(client.decide("{}"), { name: "AssayUnavailable", code: "connection-lost" });
  assert.deepEqual([seen.connections, seen.requests.length], [2, 3]);
});

test("a new connection that closes is not tried again", async (test) => {
  const seen = await peer(test, (_, socket) => socket.destroy());
  const client = connect(test, seen.socketPath);
  await assert.rejects(client.decide("{}"), { code: "connection-lost" });
  assert.deepEqual([seen.connections, seen.requests.length], [1, 1]);
});

for (const cut of [1, 40, allow.length - 3]) {
  test(`an answer that breaks off after ${cut} bytes is not tried again`, async (test) => {
    const seen = await peer(test, (_, socket, number) => {
      if (number === 1) socket.write(allow);
      else socket.end(allow.slice(0, cut));
    });
    const client = connect(test, seen.socketPath);
    await client.decide("{}");
    await assert.rejects(client.decide("{}"), AssayUnavailable);
    assert.deepEqual([seen.connections, seen.requests.length], [1, 2]);
  });
}

test("a sidecar may be replaced between two requests", async (test) => {
  const sidecar = await Sidecar.start(test);
  const client = connect(test, sidecar.socketPath);
  const ids = [];
  for (let round = 0; round < 4; round += 1) {
    // Several connections are kept, and all of them go with their sidecar.
    const decisions = await Promise.all(events.slice(round * 8, round * 8 + 8).map((event) => client.decide(event)));
    ids.push(...decisions.map((decision) => decision.event));
    if (round === 1) assert.equal(await sidecar.stop(), 0);
    if (round === 2) await sidecar.stop("SIGKILL");
    await sidecar.restart();
  }
  assert.deepEqual(ids, events.slice(0, 32).map((event) => JSON.parse(event).id));
});

test("requests under way when the sidecar is told to stop are all answered", async (test) => {
  const sidecar = await Sidecar.start(test);
  const client = connect(test, sidecar.socketPath, { socketsMax: 8 });
  await Promise.all(events.slice(0, 8).map((event) => client.decide(event)));
  const answers = Promise.all(events.slice(8, 16).map((event) => client.decide(event)));
  await sleep(1);
  assert.equal(await sidecar.stop(), 0);
  assert.equal((await answers).length, 8);
  await assert.rejects(client.decide(events[16]), { name: "AssayUnavailable", code: "no-sidecar" });
});

test("503 is told with its field, and is not tried again", async (test) => {
  const body = '{"type":"urn:assay:problem:overloaded","title":"Overloaded","status":503,"code":"overloaded",'
    + '"detail":"too many decisions are under way","hint":"try again","retry_after":7}\n';
  const seen = await peer(test, (_, socket) => socket.write(http(503, body, "retry-after: 7\r\n")));
  const client = connect(test, seen.socketPath);
  const error = await client.decide("{}").catch((error) => error);
  assert.ok(error instanceof AssayUnavailable);
  assert.deepEqual([error.code, error.retryAfterSeconds, error.problem.status], ["overloaded", 7, 503]);
  const undecided = await client.decide("{}", { otherwise: "review" });
  assert.deepEqual([undecided.outcome, undecided.undecided, undecided.error.code], ["review", true, "overloaded"]);
  assert.deepEqual([seen.connections, seen.requests.length], [1, 2]);
});

test("504 is a time-out", async (test) => {
  const body = '{"type":"urn:assay:problem:deadline-exceeded","status":504,"code":"deadline-exceeded","detail":"late"}';
  const seen = await peer(test, (_, socket) => socket.write(http(504, body)));
  const error = await connect(test, seen.socketPath).decide("{}").catch((error) => error);
  assert.ok(error instanceof AssayTimeout);
  assert.deepEqual([error.code, error.problem.status], ["timeout", 504]);
});

for (const [name, answer] of [
  ["no JSON", http(200, "<html>")], ["no decision", http(200, "{}")], ["no problem", http(502, "{}")],
  ["no HTTP", "SSH-2.0-x\r\n\r\n"], ["null", http(200, "null")],
]) {
  test(`an answer that is none: ${name}`, async (test) => {
    const seen = await peer(test, (_, socket) => socket.write(answer));
    await assert.rejects(connect(test, seen.socketPath).decide("{}"), { name: "AssayUnavailable", code: "bad-answer" });
    assert.equal(seen.requests.length, 1);
  });
}

test("without a sidecar the caller's choice is taken, where there is one", async (test) => {
  const client = connect(test, "/nowhere/s");
  await assert.rejects(client.decide("{}"), { name: "AssayUnavailable", code: "no-sidecar", hint: /started/ });
  for (const otherwise of ["allow", "review", "block"]) {
    const undecided = await client.decide("{}", { otherwise });
    assert.deepEqual([undecided.outcome, undecided.undecided], [otherwise, true]);
    assert.ok(undecided.error instanceof AssayUnavailable);
  }
  assert.equal((await client.ready()).ready, false);
});

test("windows that cannot be reached degrade decisions and the readiness", async (test) => {
  const options = ["--redis", "unix:///nowhere/r", "--hashing-key-file", fileURLToPath(import.meta.url)];
  const sidecar = await Sidecar.start(test, ...options);
  const client = connect(test, sidecar.socketPath);
  const decision = await client.decide(events[1]);
  assert.equal(decision.degraded, true);
  const { ready, error } = await client.ready();
  assert.deepEqual([ready, error.problem.status, error.code], [false, 503, "not-ready"]);
  // It would wait for Redis, to write down what it decided.
  await sidecar.stop("SIGKILL");
});

test("close waits for what is under way", async (test) => {
  const seen = await peer(test, (_, socket) => setTimeout(() => socket.write(allow), 30));
  const client = connect(test, seen.socketPath);
  const answer = client.decide("{}");
  await sleep(5);
  await client.close();
  assert.equal((await answer).outcome, "allow");
  await assert.rejects(client.decide("{}"), { code: "closed" });
});

test("TCP does as well", async (test) => {
  const sidecar = await Sidecar.start(test, "--listen", "127.0.0.1:0");
  const port = Number(/"127\.0\.0\.1:(\d+)"/.exec(sidecar.log)[1]);
  const client = new AssayClient({ port, timeoutMs: 5_000 });
  test.after(() => client.close());
  assert.equal((await client.decide(events[0])).repeated, false);
});
