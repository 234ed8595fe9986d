import { spawn } from "node:child_process";
import path from "node:path";
import { after } from "node:test";
import { assay, rules, temporaryFolder } from "./paths.mjs";
import { gone, until } from "./processes.mjs";

/** A real `assay serve`, stopped by its process id when the test is over. */
export class Sidecar {
  #child;

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
    const child = spawn(assay, ["serve", rules, "--socket", socketPath, ...this.options], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
    // A file may be there from one that was killed: the log tells when this one listens.
    await until(() => this.log.includes('"message":"serving"') || child.exitCode !== null, () => this.log);
    if (child.exitCode !== null) throw new Error(this.log);
  }

  /** SIGTERM and its exit code, or SIGKILL; undefined where nothing runs. */
  async stop(signal = "SIGTERM") {
    const child = this.#child;
    this.#child = undefined;
    return child && gone(child, signal);
  }
}
