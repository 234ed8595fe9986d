"use strict";

/** More than any line of a sidecar has; bytes. */
const LINE_BYTES_MAX = 8 * 1024 * 1024;

const { badAnswer } = require("./errors.js");

/** Cuts bytes as they come into lines. A character that is cut in two by a read is whole in its line. */
class Lines {
  #parts = [];
  #size = 0;

  /** The lines that are complete with these bytes. */
  *take(bytes) {
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      yield this.#line(bytes.subarray(start, end));
      start = end + 1;
    }
    if (start === bytes.length) return;
    this.#parts.push(bytes.subarray(start));
    this.#size += bytes.length - start;
    if (this.#size > LINE_BYTES_MAX) throw badAnswer(`a line of it has more than ${LINE_BYTES_MAX} bytes`);
  }

  #line(end) {
    if (this.#parts.length === 0) return end.toString("utf8");
    const line = Buffer.concat([...this.#parts, end]).toString("utf8");
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}

module.exports = { Lines };
