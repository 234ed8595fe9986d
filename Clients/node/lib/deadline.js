"use strict";

const { AssayTimeout } = require("./errors.js");
const { Timer } = require("./timer.js");

/**
 * The caller's signal and a time-out as one. `onEnd` is called at most once with the reason; `stop` must be called when
 * the work is done, so that neither a timer nor a listener is left behind.
 */
class Deadline {
  /** @param {number} timeoutMs @param {AbortSignal | undefined} signal */
  constructor(timeoutMs, signal) {
    this.timeoutMs = timeoutMs;
    this.endMs = performance.now() + timeoutMs;
    /** Why the work is to end; undefined as long as it may go on. */
    this.reason = undefined;
    this.onEnd = undefined;
    this.signal = signal;
    this.timer = new Timer();
    this.onAbort = () => this.end(reasonOf(signal));
    if (signal?.aborted) return this.onAbort();
    signal?.addEventListener("abort", this.onAbort, { once: true });
    this.timer.start(timeoutMs, () => this.end(new AssayTimeout(`no answer within ${timeoutMs} ms`, { timeoutMs })));
  }

  /** What is left; milliseconds. */
  get remainingMs() {
    return this.endMs - performance.now();
  }

  /**
   * What the sidecar is told: a tenth less than is left, at most 10 ms, so that its own answer comes before the
   * time-out here and the connection stays good.
   */
  get headerMs() {
    const remaining = this.remainingMs;
    return Math.max(1, Math.floor(remaining - Math.min(10, remaining / 10)));
  }

  end(reason) {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.stop();
    this.onEnd?.(reason);
  }

  stop() {
    this.timer.stop();
    this.signal?.removeEventListener("abort", this.onAbort);
  }
}

/** Why a signal was given; there always is one. */
function reasonOf(signal) {
  return signal.reason ?? new DOMException("the request was aborted", "AbortError");
}

module.exports = { Deadline, reasonOf };
