import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { AssayClient } from "../index.mjs";
import { temporaryFolder } from "./support/paths.mjs";
import { gone, until } from "./support/processes.mjs";
import { Sidecar } from "./support/sidecar.mjs";

const skip = spawnSync("redis-server", ["--version"]).status === 0 ? false : "there is no redis-server";
const timeoutMs = 2_000;

/** A Redis of the test's own at a Unix socket, which has what it acknowledged when it starts again. */
class Redis {
  #child;

  constructor(test) {
    this.folder = temporaryFolder(test);
    this.socketPath = path.join(this.folder, "r");
    test.after(() => this.kill());
  }

  async start() {
    const options = ["--port", "0", "--unixsocket", this.socketPath, "--save", "", "--appendonly", "yes", "--dir", this.folder];
    this.#child = spawn("redis-server", options, { stdio: "ignore" });
    await until(() => existsSync(this.socketPath), () => "redis-server does not listen");
  }

  signal(name) {
    this.#child.kill(name);
  }

  async kill() {
    this.#child?.kill("SIGCONT");
    await (this.#child && gone(this.#child, "SIGKILL"));
  }
}

const event = (number) => ({
  id: `p${number}`,
  type: "payout.requested",
  time: new Date("2026-01-05T12:00:00Z"),
  user: { id: "u1" },
});

test("a Redis that stands still, dies and comes back: every payout has a decision in its time", { skip }, async (test) => {
  const redis = new Redis(test);
  await redis.start();
  const key = path.join(redis.folder, "key");
  writeFileSync(key, "a key for the tests of faults, 32.");
  const sidecar = await Sidecar.start(
    test, "--redis", `unix://${redis.socketPath}`, "--redis-timeout", "100", "--hashing-key-file", key);
  const client = new AssayClient({ socketPath: sidecar.socketPath, timeoutMs });
  test.after(() => client.close());
  let number = 0;
  const decide = () => client.decide(event((number += 1)));
  const recover = async () => {
    let decision;
    for (let tries = 0; tries < 200; tries += 1) {
      decision = await decide();
      if (!decision.degraded) return decision;
      await sleep(50);
    }
    return assert.fail(`it stays degraded: ${decision.why}`);
  };
  const throughFault = async () => {
    const start = performance.now();
    // As many at once as are always let in; more than that may be told to come again instead.
    const decisions = [];
    for (let batch = 0; batch < 4; batch += 1) {
      decisions.push(...(await Promise.all(Array.from({ length: 4 }, decide))));
    }
    for (const { degraded, why, outcome } of decisions) {
      assert.equal(degraded, true);
      assert.match(why, /^[a-z]/);
      assert.notEqual(outcome, "allow");
    }
    assert.ok(performance.now() - start < timeoutMs, `${performance.now() - start} ms`);
    assert.equal((await client.ready()).ready, false);
  };

  assert.equal((await recover()).degraded, false);
  assert.equal((await client.ready()).ready, true);
  redis.signal("SIGSTOP");
  await throughFault();
  redis.signal("SIGCONT");
  await recover();
  await redis.kill();
  await throughFault();
  await redis.start();
  await recover();
  assert.equal((await client.ready()).ready, true);
  // A retry gets what the event got, whatever happened since: its content is the same.
  const again = await client.decide(event(number));
  assert.equal(again.repeated, true);
});
