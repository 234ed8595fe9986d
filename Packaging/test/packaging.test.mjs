import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { AssayClient } from "../../Clients/node/index.mjs";
import { assay, events, project, rules, temporaryFolder } from "../../Clients/node/test/support/paths.mjs";
import { gone, until } from "../../Clients/node/test/support/processes.mjs";

const read = (name) => readFileSync(path.join(project, "Packaging", name), "utf8");

/** The options that a command of `assay` knows. */
function options(subcommand) {
  const help = execFileSync(assay, ["help", subcommand], { encoding: "utf8" });
  return new Set(help.match(/(?<=^ {2})--[a-z-]+/gm));
}

/** Asserts that every `assay SUBCOMMAND …` of a text exists, with all its options; gives the subcommands. */
function checkCommands(text) {
  const found = [];
  // A command line ends where the text's line, string or shell command does.
  const plain = text.replaceAll("\\\n", " ").replaceAll(/",\s*"/g, " ");
  for (const [, subcommand, rest] of plain.matchAll(/\/bin\/assay (serve|health|check)\b([^"\n;\]]*)/g)) {
    const known = options(subcommand);
    for (const option of rest.match(/(?<= )--[a-z-]+/g) ?? []) {
      assert.ok(known.has(option), `assay ${subcommand} has no ${option}`);
    }
    found.push(subcommand);
  }
  return found.sort();
}

/** How long the sidecar may take to stop, as its sources say; seconds. */
function drainSeconds() {
  const limits = readFileSync(path.join(project, "Sources/Sidecar/SidecarConfiguration.swift"), "utf8");
  return Number(/drainMilliseconds = ([\d_]+)/.exec(limits)[1].replaceAll("_", "")) / 1_000;
}

/** The packages that `apt-get install` names in a text, for each time that it does. */
function packages(text) {
  const lists = [...text.replaceAll("\\\n", " ").matchAll(/apt-get install -y --no-install-recommends ([^&\n]*)/g)];
  return lists.map(([, names]) => names.trim().split(/\s+/));
}

test("the image copies what is there and installs what Debian has", () => {
  const text = read("Dockerfile");
  for (const [, source] of text.matchAll(/^COPY (?!--from)(\S+)/gm)) {
    assert.ok(existsSync(path.join(project, source)), source);
    const allowed = read("Dockerfile.dockerignore").split("\n");
    assert.ok(allowed.includes(`!${source.split("/")[0]}`), `${source} is ignored`);
  }
  const [build, run] = packages(text);
  // What the build needs is what every build of the project needs.
  const needed = /^needed="([^"$]+)"$/m.exec(readFileSync(path.join(project, ".ci/packages"), "utf8"))[1];
  assert.deepEqual(build.sort(), needed.split(" ").sort());
  const shown = spawnSync("apt-cache", ["show", "--no-all-versions", ...build, ...run], { encoding: "utf8" }).stdout;
  const known = [...shown.matchAll(/^Package: (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual([...build, ...run].filter((name) => !known.includes(name)), []);
});

test("the image has every library that the command loads", () => {
  const [, run] = packages(read("Dockerfile"));
  const lines = execFileSync("ldd", [assay], { encoding: "utf8" }).split("\n");
  const libraries = lines.map((line) => / => (\S+) /.exec(line)?.[1]).filter((file) => file?.includes("-linux-gnu/"));
  assert.ok(libraries.length > 5);
  // The package manager knows a library by the place that it was installed at, with or without `/usr`.
  const places = libraries.flatMap((file) => [file, `/usr${file}`, file.replace(/^\/usr/, "")]);
  const owners = spawnSync("dpkg-query", ["--search", ...places], { encoding: "utf8" }).stdout;
  for (const file of libraries) {
    const owner = owners.split("\n").find((line) => line.endsWith(`/${path.basename(file)}`))?.split(":")[0];
    assert.ok(owner === "libc6" || run.includes(owner), `${file} of ${owner}`);
  }
});

test("the image runs as nobody special, and its commands exist", () => {
  const text = read("Dockerfile");
  assert.match(text, /^USER (?!0|root)\d+:\d+$/m);
  const entry = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)[1]);
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(text)[1]);
  assert.deepEqual(checkCommands([...entry, ...command].join(" ")), ["serve"]);
  assert.deepEqual(checkCommands(/^HEALTHCHECK[^]*?(?=^ENTRYPOINT)/m.exec(text)[0]), ["health"]);
  assert.ok(text.includes('"--socket", "/run/assay/assay.sock"'));
});

test("systemd takes the units", { skip: !existsSync("/usr/bin/systemd-analyze") && "there is no systemd" }, (test) => {
  const folder = temporaryFolder(test);
  for (const name of ["assay.service", "assay.socket"]) {
    writeFileSync(path.join(folder, name), read(name).replaceAll("/usr/bin/assay", assay));
  }
  const files = ["assay.service", "assay.socket"].map((name) => path.join(folder, name));
  const result = spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" });
  assert.equal(result.status, 0, result.stderr);
  assert.equal(result.stderr.split("\n").filter((line) => line.includes(folder)).join("\n"), "");
});

test("the units name commands that exist, and give the sidecar its time to stop", () => {
  const text = read("assay.service");
  assert.deepEqual(checkCommands(text), ["check", "serve"]);
  const setting = (name) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1];
  assert.ok(Number(setting("TimeoutStopSec")) > drainSeconds());
  assert.match(text, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  const hardening = { NoNewPrivileges: "yes", ProtectSystem: "strict", DynamicUser: "yes", ProtectHome: "yes" };
  for (const [name, value] of Object.entries(hardening)) assert.equal(setting(name), value);
});

const noActivation = !existsSync("/usr/bin/systemd-socket-activate") && "there is no systemd";
test("the sidecar serves at a socket that systemd opened", { skip: noActivation }, async (test) => {
  const socketPath = path.join(temporaryFolder(test), "s");
  const command = [`--listen=${socketPath}`, assay, "serve", rules];
  const child = spawn("systemd-socket-activate", command, { stdio: "ignore" });
  test.after(() => gone(child, "SIGTERM"));
  await until(() => existsSync(socketPath));
  // The sidecar is started by the first one who connects, and waited for.
  const client = new AssayClient({ socketPath, timeoutMs: 5_000 });
  assert.equal((await client.decide(events[0])).repeated, false);
  await client.close();
  child.kill("SIGTERM");
  assert.equal(await gone(child), 0);
});

test("the task starts the sidecar first, stops it last, and leaves it the time", () => {
  const task = JSON.parse(read("ecs-task.json"));
  const [sidecar, app] = ["assay", "wallet"].map((name) => task.containerDefinitions.find((one) => one.name === name));
  assert.deepEqual(app.dependsOn, [{ containerName: "assay", condition: "HEALTHY" }]);
  assert.ok(sidecar.stopTimeout > drainSeconds());
  assert.ok(sidecar.essential && sidecar.healthCheck.command[0] === "CMD");
  // One user, so that a socket of mode 0600 will do; the one that the image gives the folders to.
  const image = read("Dockerfile");
  assert.deepEqual([app.user, sidecar.user], Array(2).fill(/^USER (.*)$/m.exec(image)[1]));
  const volumes = task.volumes.map((volume) => volume.name);
  for (const mount of [...sidecar.mountPoints, ...app.mountPoints]) {
    assert.ok(volumes.includes(mount.sourceVolume));
    assert.ok(JSON.parse(/^VOLUME (.*)$/m.exec(image)[1]).includes(mount.containerPath), mount.containerPath);
  }
  assert.equal(app.environment[0].value, sidecar.healthCheck.command.at(-1));
  const commands = [...sidecar.command, sidecar.healthCheck.command.join(" ")].join("\n");
  assert.deepEqual(checkCommands(commands), ["health", "serve"]);
});

test("the task's command line serves, with its secrets where they belong", async (test) => {
  const folder = temporaryFolder(test);
  const [sidecar] = JSON.parse(read("ecs-task.json")).containerDefinitions;
  for (const name of ["run", "var"]) mkdirSync(path.join(folder, name));
  let command = sidecar.command[0].replaceAll("/usr/local/bin/assay", assay).replaceAll("/etc/assay/rules", rules)
    .replaceAll("/run/assay", `${folder}/run`).replaceAll("/var/lib/assay", `${folder}/var`);
  // No name is looked up, and nobody listens there.
  command = command.replace(/(?<=rediss:\/\/)[^ ]+/, "127.0.0.1:1");
  const env = { ...process.env, ASSAY_REDIS_PASSWORD: "secret-password", HASHING_KEY: "k".repeat(43) };
  assert.deepEqual(sidecar.secrets.map((secret) => secret.name), ["ASSAY_REDIS_PASSWORD", "HASHING_KEY"]);
  const [shell, ...flags] = sidecar.entryPoint;
  const child = spawn(shell, [...flags, command], { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  test.after(() => gone(child, "SIGKILL"));
  await until(() => log.includes('"message":"serving"'), () => log);
  const socket = path.join(folder, "run/assay.sock");
  const health = (...more) => spawnSync(assay, ["health", "--socket", socket, ...more], { encoding: "utf8" });
  const alive = health();
  assert.deepEqual([alive.status, alive.stdout, alive.stderr], [0, "live\n", ""]);
  // Alive without Redis, but not ready.
  assert.equal(health("--ready").status, 1);
  assert.equal(readFileSync(path.join(folder, "var/hashing-key"), "utf8"), env.HASHING_KEY);
  assert.doesNotMatch(readFileSync(`/proc/${child.pid}/environ`, "latin1"), /HASHING_KEY=/);
  assert.doesNotMatch(log, /secret-password|kkkk/);
});

test("who asks after a sidecar that is not there is told so", () => {
  const health = (...all) => spawnSync(assay, ["health", ...all], { encoding: "utf8" });
  const absent = health("--socket", "/nowhere/s");
  assert.equal(absent.status, 3);
  assert.match(absent.stderr, /error: `\/nowhere\/s`: No such file or directory\nhint: /);
  assert.equal(health("--socket", "/".repeat(200)).status, 3);
  assert.equal(health("--socket", "/s", "--timeout", "0").status, 3);
});
