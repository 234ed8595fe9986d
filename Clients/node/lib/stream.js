"use strict";

const http = require("node:http");
const { reasonOf } = require("./deadline.js");
const { AssayProblem, AssayTimeout, badAnswer, connectionError, errorFor, isProblem } = require("./errors.js");
const { encodeLine } = require("./event.js");
const { Lines } = require("./lines.js");
const { Timer } = require("./timer.js");

/**
 * How often a blank line is sent where nothing else is: the sidecar closes a body that stands still for ten seconds,
 * and takes no notice of blank lines.
 */
const HEARTBEAT_MS = 3_000;

/**
 * Events go out and answers come in over one connection. At most `ahead` events have been taken from the source whose
 * answers the consumer has not taken: that bounds the memory, and stops the source when the consumer stops.
 */
class DecisionStream {
  constructor(events, options) {
    this.events = events;
    this.options = options;
    /** Events that were sent and have no answer yet. */
    this.asked = [];
    /** Answers that nobody has taken yet. */
    this.answered = [];
    this.index = 0;
    /** Whoever waits for something to change: the consumer, the pump. */
    this.waiting = new Set();
    /** Why no more answers will come; a source may throw anything, so that it is a list of none or one. */
    this.failures = [];
    this.isEnded = false;
    this.isSent = false;
    this.isStopped = false;
    /** The sidecar's silence. */
    this.timer = new Timer();
  }

  /** The answers. Whoever stops taking them ends the request and the source. */
  async *run() {
    const { signal } = this.options;
    const onAbort = () => this.fail(reasonOf(signal));
    if (signal?.aborted) throw reasonOf(signal);
    signal?.addEventListener("abort", onAbort, { once: true });
    this.open();
    this.pump().catch((error) => this.fail(error));
    try {
      for (;;) {
        if (this.answered.length > 0) {
          yield this.answered.shift();
          this.wake();
        } else if (this.failures.length > 0) {
          throw this.failures[0];
        } else if (this.isEnded) {
          return;
        } else {
          await this.change();
        }
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.stop();
    }
  }

  /** Ends the stream for this reason; answers that have come are still given. */
  fail(reason) {
    if (this.isEnded) return;
    this.failures.push(reason);
    this.stop();
    this.wake();
  }

  open() {
    const { target, agent } = this.options;
    const headers = { "content-type": "application/x-ndjson" };
    this.request = http.request({ ...target.options, agent, method: "POST", path: "/v1/decisions", headers });
    this.request.on("error", (error) => this.fail(connectionError(error, target.name)));
    this.request.on("drain", () => this.wake());
    this.request.on("response", (response) => this.receive(response));
    // Who sends nothing yet is connected all the same, so that it shows at once whether somebody listens.
    this.request.flushHeaders();
    this.heartbeat = setInterval(() => {
      if (!this.isSent && !this.request.writableNeedDrain) this.request.write("\n");
    }, this.options.heartbeatMs ?? HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  receive(response) {
    const lines = new Lines();
    const isStream = response.statusCode === 200;
    response.on("data", (part) => {
      this.watch();
      try {
        for (const line of lines.take(part)) {
          if (!isStream) throw this.refusal(line);
          this.place(line);
        }
      } catch (error) {
        this.fail(error instanceof SyntaxError ? badAnswer("it is not JSON") : error);
      }
      this.wake();
    });
    response.on("error", (error) => this.fail(connectionError(error, this.options.target.name)));
    response.on("end", () => {
      const isWhole = this.isSent && this.asked.length === 0 && isStream;
      if (!isWhole) return this.fail(connectionError({ code: "ECONNRESET" }, this.options.target.name));
      this.isEnded = true;
      this.stop();
      this.wake();
    });
  }

  /** The answer to the oldest event that has none. */
  place(line) {
    const value = JSON.parse(line);
    if (this.asked.length === 0) throw badAnswer("there are more answers than events");
    const { event, index } = this.asked.shift();
    if (isProblem(value)) {
      this.answered.push({ index, event, decision: undefined, problem: new AssayProblem(value) });
    } else if (typeof value?.outcome === "string") {
      this.answered.push({ index, event, decision: this.options.asText ? line : value, problem: undefined });
    } else {
      throw badAnswer("a line of it is neither a decision nor a problem");
    }
    this.watch();
  }

  refusal(line) {
    const value = JSON.parse(line);
    return isProblem(value) ? errorFor(value, this.options.timeoutMs) : badAnswer("it is no stream");
  }

  /** Sends events for as long as there is room. */
  async pump() {
    const source = this.events?.[Symbol.asyncIterator]?.() ?? this.events?.[Symbol.iterator]?.();
    if (source === undefined || typeof this.events === "string") throw new TypeError("the events are no iterable");
    this.source = source;
    while (!this.isStopped) {
      if (this.asked.length + this.answered.length >= this.options.ahead || this.request.writableNeedDrain) {
        await this.change();
        continue;
      }
      // An array is not awaited for each event: what is written in one turn goes out together.
      let next = source.next();
      if (typeof next?.then === "function") next = await next;
      if (this.isStopped) return;
      if (next.done) {
        this.source = undefined;
        this.isSent = true;
        this.request.end();
        return this.wake();
      }
      this.send(next.value);
    }
  }

  send(event) {
    const line = this.encode(event);
    this.asked.push({ event, index: this.index });
    this.index += 1;
    this.request.write(Buffer.concat([line, Buffer.from("\n")]));
    if (this.asked.length === 1) this.watch();
  }

  encode(event) {
    try {
      return encodeLine(event, this.options.dryRun);
    } catch (error) {
      throw new TypeError(`event ${this.index}: ${error.message}`, { cause: error });
    }
  }

  /** Times the sidecar's silence, from now on; not the source's and not the consumer's. */
  watch() {
    this.timer.stop();
    if (this.asked.length === 0 || this.isStopped) return;
    const { timeoutMs } = this.options;
    this.timer.start(timeoutMs, () => {
      this.fail(new AssayTimeout(`no answer within ${timeoutMs} ms, ${this.asked.length} are owed`, { timeoutMs }));
    });
  }

  /** Resolves when `wake` is called next. */
  change() {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  wake() {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  /** Lets go of everything; may be called again. */
  stop() {
    if (this.isStopped) return;
    this.isStopped = true;
    this.timer.stop();
    clearInterval(this.heartbeat);
    if (!this.isEnded) this.request?.destroy();
    this.endSource().catch(() => {});
    this.wake();
  }

  /** A source that never gives its next event must not hold the consumer: nobody waits for this. */
  async endSource() {
    await this.source?.return?.();
  }
}

module.exports = { DecisionStream };
