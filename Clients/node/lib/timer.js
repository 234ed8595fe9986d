"use strict";

/**
 * A time-out that blames nobody for a busy process. Node counts a timer from the beginning of the turn that set it, and
 * runs it before it reads what has come: this one counts from now, and lets what is there be read first.
 */
class Timer {
  #timeout;
  #immediate;

  /** Calls `expire` in `milliseconds` unless it is stopped or started again. */
  start(milliseconds, expire) {
    this.stop();
    const end = performance.now() + milliseconds;
    this.#timeout = setTimeout(() => {
      const rest = end - performance.now();
      if (rest > 1) return this.start(rest, expire);
      this.#immediate = setImmediate(expire);
    }, milliseconds);
  }

  stop() {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}

module.exports = { Timer };
