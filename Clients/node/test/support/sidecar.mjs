import { spawn } from "node:child_process";
import path from "node:path";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assay, rules, temporaryFolder } from "./paths.mjs";

/** A real `assay serve`, stopped by its process id when the test is over. */
export class Sidecar {
  #child;
  #ended;

  constructor(socketPath, options) {
    this.socketPath = socketPath;
    this.options = options;
    this.log = "";
  }

  /** Starts one at a socket of its own and waits until it listens. */
  static async start(test, ...options) {
    const sidecar = new Sidecar(path.join(temporaryFolder(test), "s"), options);
    test.after(() => sidecar.stop());
    await sidecar.restart();
    return sidecar;
  }

  /** One for all tests of a file. */
  static async shared() {
    return Sidecar.start({ after });
  }

  /** Stops what runs, if anything does, and starts anew at the same socket. */
  async restart() {
    await this.stop();
    const { socketPath } = this;
    this.log = "";
    this.#child = spawn(assay, ["serve", rules, "--socket", socketPath, ...this.options], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
    this.#ended = new Promise((resolve) => this.#child.once("exit", resolve));
    // A file may be there from one that was killed: the log tells when this one listens.
    for (let tries = 0; !this.log.includes('"message":"serving"'); tries += 1) {
      if (tries > 1_000 || this.#child.exitCode !== null) throw new Error(`no sidecar: ${this.log}`);
      await sleep(10);
    }
  }

  /** SIGTERM and its exit code, or SIGKILL. */
  async stop(signal = "SIGTERM") {
    if (this.#child === undefined) return undefined;
    process.kill(this.#child.pid, signal);
    this.#child = undefined;
    return this.#ended;
  }
}
