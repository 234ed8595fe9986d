"use strict";

const http = require("node:http");
const { badAnswer, connectionError } = require("./errors.js");

/** More than any answer of a sidecar has; bytes. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Errors of connections that were kept from an earlier request and ended before any byte of an answer. */
const endedUnread = new WeakSet();

/**
 * One request and its whole answer over an agent. The sidecar is told what is left of the deadline when a connection is
 * there. Rejects with the deadline's reason, or with what went wrong with the connection.
 */
function exchange({ target, agent, method, path, headers, body, deadline }) {
  return new Promise((resolve, reject) => {
    if (deadline.reason !== undefined) return reject(deadline.reason);
    const request = http.request({ ...target.options, agent, method, path, headers });
    let socket;
    let readBefore = 0;
    const finish = (settle, value) => {
      deadline.onEnd = undefined;
      settle(value);
    };
    const fail = (cause) => {
      const error = connectionError(cause, target.name);
      const isUnread = socket !== undefined && socket.bytesRead === readBefore;
      if (request.reusedSocket && isUnread && isHangUp(cause)) endedUnread.add(error);
      finish(reject, error);
      request.destroy();
    };
    deadline.onEnd = (reason) => {
      finish(reject, reason);
      request.destroy();
    };
    request.on("socket", (given) => {
      socket = given;
      readBefore = given.bytesRead ?? 0;
      if (body !== undefined) request.setHeader("deadline-ms", deadline.headerMs);
      request.end(body);
    });
    // Stays when all is settled: what a destroyed request says must find somebody.
    request.on("error", fail);
    request.on("response", (response) => collect(response, (answer) => finish(resolve, answer), fail));
  });
}

/** Whether a request may be sent again over a new connection: nobody can have answered it. */
function mayRetry(error) {
  return typeof error === "object" && error !== null && endedUnread.has(error);
}

function collect(response, done, fail) {
  const parts = [];
  let size = 0;
  response.on("data", (part) => {
    size += part.length;
    if (size > ANSWER_BYTES_MAX) return fail(badAnswer(`it has more than ${ANSWER_BYTES_MAX} bytes`));
    parts.push(part);
  });
  response.on("error", fail);
  response.on("end", () => done({ status: response.statusCode, text: Buffer.concat(parts).toString("utf8") }));
}

/** The other side closed: not a refusal to connect, and nothing that this side did. */
function isHangUp(cause) {
  return cause?.code === "ECONNRESET" || cause?.code === "EPIPE";
}

module.exports = { exchange, mayRetry };
