import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { client, project, temporaryFolder } from "./support/paths.mjs";
import { Sidecar } from "./support/sidecar.mjs";
import { install } from "./support/typescript.mjs";

const blocks = (file) => [...readFileSync(file, "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text);
const shared = await Sidecar.shared();

/** Runs a program of a README, but for the place of its socket; gives what it printed. */
function run(test, text) {
  const folder = temporaryFolder(test);
  install(folder);
  const placed = text.replaceAll(/"\/\S*assay\.sock"/g, JSON.stringify(shared.socketPath));
  writeFileSync(path.join(folder, "a.mjs"), placed.replace("timeoutMs: 250", "timeoutMs: 5_000"));
  return execFileSync(process.execPath, ["a.mjs"], { cwd: folder, encoding: "utf8" });
}

test("the client's README runs", (test) => {
  const [first, second, third, ...more] = blocks(path.join(client, "README.md"));
  assert.deepEqual(more, []);
  const set = first.replace(/^await assay\.close.*$/m, "");
  const event = '{ id: "payout:r2", type: "payout.requested", time: new Date(), user: { id: "u1" } }';
  const output = run(test, `${set}const event = ${event}; const events = [event, { ...event, id: "x", user: {} }];
    const log = console;\n${second}\n${third}\nconsole.log(verdict.event); await assay.close();`);
  assert.match(output, /^review \[.*\]\npayout:r2 review\npayout:r2\n$/);
});

test("the project's README runs", (test) => {
  const [text, ...more] = blocks(path.join(project, "README.md"));
  assert.deepEqual(more, []);
  assert.equal(run(test, `${text}console.log(decision.event, decision.outcome);\nawait assay.close();`), "p2 review\n");
});
