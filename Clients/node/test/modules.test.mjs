import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import * as esm from "../index.mjs";
import { client, temporaryFolder } from "./support/paths.mjs";
import { install, tsc } from "./support/typescript.mjs";

test("both ways of loading give the same classes", () => {
  const cjs = createRequire(import.meta.url)("../index.js");
  assert.deepEqual(Object.keys(esm).sort(), Object.keys(cjs).sort());
  for (const name of Object.keys(cjs)) assert.equal(esm[name], cjs[name]);
});

test("an installed package loads by its name, as a module and by require", (test) => {
  const folder = temporaryFolder(test);
  install(folder);
  const programs = {
    "a.mjs": 'import { AssayClient } from "assay-client"; console.log(AssayClient.name);',
    "b.cjs": 'console.log(require("assay-client").AssayClient.name);',
  };
  for (const [file, text] of Object.entries(programs)) {
    writeFileSync(path.join(folder, file), text);
    const output = execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" });
    assert.equal(output, "AssayClient\n");
  }
});

test("nothing is needed but Node's own modules, and all files are in the package", () => {
  const manifest = JSON.parse(readFileSync(path.join(client, "package.json"), "utf8"));
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"]) {
    assert.equal(manifest[kind], undefined);
  }
  const files = ["index.js", ...readdirSync(path.join(client, "lib")).map((name) => `lib/${name}`)];
  for (const file of files) {
    const text = readFileSync(path.join(client, file), "utf8");
    for (const [, name] of text.matchAll(/require\("([^"]+)"\)/g)) {
      const isOwn = name.startsWith("./") && files.includes(path.join(path.dirname(file), name));
      assert.ok(isOwn || builtinModules.includes(name.replace("node:", "")), `${file}: ${name}`);
    }
  }
  const conditions = Object.values(manifest.exports["."]).flatMap(Object.values);
  const entries = [manifest.main, manifest.module, manifest.types, ...conditions];
  for (const entry of entries) assert.ok(manifest.files.includes(entry.slice(2)), entry);
});

test("the types need neither the DOM's nor Node's, nor the new way to find them", async (test) => {
  const folder = temporaryFolder(test);
  install(folder);
  const file = path.join(folder, "old.ts");
  const text = 'import { AssayClient } from "assay-client"; export const made = new AssayClient({ socketPath: "/s" });';
  writeFileSync(file, text);
  const options = ["--strict", "--target", "es2020", "--lib", "es2020", "--module", "commonjs"];
  await tsc("--noEmit", ...options, "--moduleResolution", "node", file);
});
