"use strict";

const http = require("node:http");
const { Deadline } = require("./deadline.js");
const { AssayError, AssayTimeout, AssayUnavailable, badAnswer, errorFor, isProblem } = require("./errors.js");
const { encodeEvent } = require("./event.js");
const { exchange, mayRetry } = require("./exchange.js");
const { DecisionStream } = require("./stream.js");

const OUTCOMES = new Set(["allow", "review", "block"]);

/** A sidecar as a service sees it. Make one for a process and keep it: it holds the connections. */
class AssayClient {
  #target;
  #timeoutMs;
  /** Connections that are kept, and those that are not: for second tries and for streams. */
  #kept;
  #fresh;
  #streaming;
  #pending = new Set();
  #streams = new Set();
  #isClosed = false;

  constructor({ socketPath, host, port, timeoutMs = 250, socketsMax = 16, idleMs = 60_000 } = {}) {
    this.#target = targetOf(socketPath, host, port);
    this.#timeoutMs = bounded("timeoutMs", timeoutMs, 3_599_999);
    const maxSockets = bounded("socketsMax", socketsMax, 4_096);
    // The socket that was used last is the one least likely to be closed; the others may fall idle.
    this.#kept = new http.Agent({
      keepAlive: true, maxSockets, maxFreeSockets: maxSockets, scheduling: "lifo",
      timeout: bounded("idleMs", idleMs, 2_147_483_647),
    });
    this.#fresh = new http.Agent({ keepAlive: false, maxSockets });
    this.#streaming = new http.Agent({ keepAlive: false, maxSockets });
  }

  /** Decides one event. */
  async decide(event, options = {}) {
    const { otherwise } = options;
    if (otherwise !== undefined && !OUTCOMES.has(otherwise)) {
      throw new TypeError("`otherwise` is `allow`, `review` or `block`");
    }
    const body = encodeEvent(event, options.dryRun === true);
    try {
      return await this.#decideNow(body, options);
    } catch (error) {
      const isAbsent = error instanceof AssayUnavailable || error instanceof AssayTimeout;
      if (otherwise === undefined || !isAbsent) throw error;
      return { outcome: otherwise, undecided: true, error };
    }
  }

  /** Decides many events over one connection: answers in order, as they come. */
  decideMany(events, { signal, timeoutMs = this.#timeoutMs, dryRun = false, as = "object", ahead = 256 } = {}) {
    const stream = new DecisionStream(events, {
      target: this.#target, agent: this.#streaming, signal, dryRun, asText: isText(as),
      timeoutMs: bounded("timeoutMs", timeoutMs, 3_599_999), ahead: bounded("ahead", ahead, 65_536),
    });
    return this.#answers(stream);
  }

  /** The rules that decide now. */
  async ruleset(options = {}) {
    return parsed(await this.#ask("GET", "/v1/ruleset", options));
  }

  /** Whether decisions can be made, and if not why. Rejects only when the caller's signal says so. */
  async ready(options = {}) {
    try {
      return { ready: true, detail: (await this.#ask("GET", "/readyz", options)).trim() };
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      return { ready: false, detail: error.message, error };
    }
  }

  /** Takes nothing more, waits for what is under way, ends streams, and closes the connections. */
  async close() {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.fail(closed());
    await Promise.allSettled(this.#pending);
    for (const agent of [this.#kept, this.#fresh, this.#streaming]) agent.destroy();
  }

  async #decideNow(body, options) {
    const headers = { "content-type": "application/json", "content-length": body.length };
    if (options.idempotencyKey !== undefined) headers["idempotency-key"] = options.idempotencyKey;
    if (options.traceparent !== undefined) headers.traceparent = options.traceparent;
    const asText = isText(options.as);
    const text = (await this.#ask("POST", "/v1/decisions", options, headers, body)).trimEnd();
    const decision = parsed(text);
    if (!OUTCOMES.has(decision?.outcome)) throw badAnswer("it has no outcome");
    return asText ? text : decision;
  }

  async *#answers(stream) {
    if (this.#isClosed) throw closed();
    this.#streams.add(stream);
    try {
      yield* stream.run();
    } finally {
      this.#streams.delete(stream);
    }
  }

  async #ask(method, path, { signal, timeoutMs = this.#timeoutMs }, headers = {}, body = undefined) {
    if (this.#isClosed) throw closed();
    const deadline = new Deadline(bounded("timeoutMs", timeoutMs, 3_599_999), signal);
    const request = { target: this.#target, method, path, headers, body, deadline };
    const answer = this.#once(request).finally(() => deadline.stop());
    this.#pending.add(answer);
    try {
      const { status, text } = await answer;
      if (status === 200) return text;
      const problem = parsed(text);
      if (!isProblem(problem)) throw badAnswer(`status ${status}`);
      throw errorFor(problem, timeoutMs);
    } finally {
      this.#pending.delete(answer);
    }
  }

  /** A kept connection may have been closed just as the request went out. Then, and only then, a new one is tried. */
  async #once(request) {
    try {
      return await exchange({ ...request, agent: this.#kept });
    } catch (error) {
      if (!mayRetry(error)) throw error;
      return await exchange({ ...request, agent: this.#fresh });
    }
  }
}

function targetOf(socketPath, host, port) {
  if (typeof socketPath === "string" && socketPath !== "") {
    if (host !== undefined || port !== undefined) throw new TypeError("`socketPath` and `host` exclude each other");
    return { name: socketPath, options: { socketPath } };
  }
  if (!Number.isInteger(port)) throw new TypeError("`socketPath`, or `host` and `port`, are needed");
  return { name: `${host ?? "127.0.0.1"}:${port}`, options: { host: host ?? "127.0.0.1", port } };
}

function bounded(name, value, max) {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new RangeError(`\`${name}\` is a whole number from 1 to ${max}`);
  }
  return value;
}

function isText(as) {
  if (as === undefined || as === "object") return false;
  if (as === "text") return true;
  throw new TypeError("`as` is `object` or `text`");
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer("it is not JSON");
  }
}

function closed() {
  return new AssayUnavailable("the client was closed", { code: "closed" });
}

module.exports = { AssayClient };
