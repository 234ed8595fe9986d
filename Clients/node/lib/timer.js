"use strict";

/**
 * A time-out that blames nobody for a busy process: when the time is over, what has come meanwhile is read first. Node
 * runs timers before it reads, so that a plain one would fire although the answer is there.
 */
class Timer {
  #timeout;
  #immediate;

  /** Calls `expire` in `milliseconds` unless it is stopped or started again. */
  start(milliseconds, expire) {
    this.stop();
    this.#timeout = setTimeout(() => {
      this.#immediate = setImmediate(expire);
    }, milliseconds);
  }

  stop() {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}

module.exports = { Timer };
