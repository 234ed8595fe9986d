"use strict";

/** How deep an event may nest; the sidecar refuses what is deeper. A cycle ends here too. */
const DEPTH_MAX = 64;

/**
 * The bytes of an event. A string or bytes are sent as they are; anything else is written as JSON here, stricter than
 * `JSON.stringify`: what would be changed in silence (an integer beyond 2^53, `NaN`, a `Map`) is refused, and a BigInt
 * is written in full.
 */
function encodeEvent(event, dryRun) {
  if (typeof event === "string" || event instanceof Uint8Array) {
    const bytes = typeof event === "string" ? Buffer.from(event) : asBuffer(event);
    return dryRun ? withDryRun(bytes) : bytes;
  }
  return Buffer.from(eventJSON(dryRun ? { ...event, dry_run: true } : event));
}

/** An event as JSON. */
function eventJSON(event) {
  if (event === null || typeof event !== "object" || Array.isArray(event)) {
    throw new TypeError("an event is an object, or its JSON as a string or bytes");
  }
  return write(event, "event", 0);
}

/** The same for a line of NDJSON: JSON that has line breaks would be taken for several events. */
function encodeLine(event, dryRun) {
  let bytes = encodeEvent(event, dryRun);
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1;
  bytes = bytes.subarray(0, end);
  if (bytes.includes(0x0a)) throw new TypeError("an event of a stream stands on one line");
  if (bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) {
    throw new TypeError("an event of a stream is not blank");
  }
  return bytes;
}

function asBuffer(bytes) {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Puts `dry_run` first; an event that says it too is refused by the sidecar as one that says it twice. */
function withDryRun(bytes) {
  const start = bytes.indexOf(0x7b);
  if (start < 0 || bytes.subarray(0, start).toString("latin1").trim() !== "") {
    throw new TypeError("an event is a JSON object");
  }
  const rest = bytes.subarray(start + 1);
  const isEmpty = rest.toString("latin1", 0, 64).trimStart().startsWith("}");
  return Buffer.concat([Buffer.from(`{"dry_run":true${isEmpty ? "" : ","}`), rest]);
}

function write(value, path, depth) {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return value.toString();
    case "number":
      return writeNumber(value, path);
    case "object":
      return value === null ? "null" : writeObject(value, path, depth);
    default:
      throw new TypeError(`\`${path}\` is a ${typeof value}, and no JSON`);
  }
}

function writeNumber(value, path) {
  if (!Number.isFinite(value)) throw new TypeError(`\`${path}\` is ${value}, and no JSON`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new TypeError(`\`${path}\` is beyond 2^53, where a number is not exact: give it as a BigInt`);
  }
  return JSON.stringify(value);
}

function writeObject(value, path, depth) {
  if (depth >= DEPTH_MAX) throw new TypeError(`\`${path}\` is nested deeper than ${DEPTH_MAX}, or holds itself`);
  if (typeof value.toJSON === "function") return write(value.toJSON(), path, depth + 1);
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${path}[${index}]`, depth + 1)).join(",")}]`;
  }
  if (value instanceof Map || value instanceof Set) throw new TypeError(`\`${path}\` is a collection, and no JSON`);
  const members = [];
  for (const name of Object.keys(value)) {
    if (value[name] === undefined) continue;
    members.push(`${JSON.stringify(name)}:${write(value[name], `${path}.${name}`, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

module.exports = { encodeEvent, encodeLine, eventJSON };
