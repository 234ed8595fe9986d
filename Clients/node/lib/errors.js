"use strict";

/** What all errors of the client have in common. */
class AssayError extends Error {
  /** @param {string} message @param {{code: string, hint?: string, cause?: unknown}} about */
  constructor(message, { code, hint, cause }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = this.constructor.name;
    this.code = code;
    this.hint = hint;
  }
}

/** The sidecar refused the request: the event is at fault, and trying again gives the same. */
class AssayProblem extends AssayError {
  /** @param {object} problem a problem object (RFC 9457) as the sidecar wrote it */
  constructor(problem) {
    super(problem.detail ?? problem.title ?? problem.code, problem);
    this.status = problem.status;
    this.type = problem.type;
    this.title = problem.title;
    this.detail = problem.detail;
    this.field = problem.field;
    this.retryAfterSeconds = problem.retry_after;
  }
}

/** There is no sidecar, it went away, or it takes nothing on now. The event may go to it again under the same id. */
class AssayUnavailable extends AssayError {
  /** @param {string} message @param {{code: string, hint?: string, cause?: unknown, problem?: AssayProblem}} about */
  constructor(message, about) {
    super(message, about);
    this.problem = about.problem;
    this.retryAfterSeconds = about.problem?.retryAfterSeconds;
  }
}

/** The decision was not there in time. It may be made all the same; sent again, the event gets it. */
class AssayTimeout extends AssayError {
  /** @param {string} message @param {{timeoutMs?: number, problem?: AssayProblem}} about */
  constructor(message, { timeoutMs, problem }) {
    super(message, { code: "timeout", hint: "send the event again under the same id: it is decided once" });
    this.timeoutMs = timeoutMs;
    this.problem = problem;
  }
}

/** Whether a value is a problem object of the sidecar's, and no decision. */
function isProblem(value) {
  return (
    typeof value?.status === "number" && typeof value.type === "string" && value.type.startsWith("urn:assay:problem:")
  );
}

/** The error for a problem object that stands for a whole request. */
function errorFor(value, timeoutMs) {
  const problem = new AssayProblem(value);
  if (value.status === 504) return new AssayTimeout(problem.message, { timeoutMs, problem });
  if (value.status === 503) {
    return new AssayUnavailable(problem.message, { code: problem.code, hint: problem.hint, problem });
  }
  return problem;
}

/** The error for bytes that are no answer of a sidecar. */
function badAnswer(what) {
  return new AssayUnavailable(`the answer is none of a sidecar's: ${what}`, {
    code: "bad-answer",
    hint: "see what listens at the socket",
  });
}

/** The error for what the system says of a connection. */
function connectionError(cause, where) {
  if (cause instanceof AssayError) return cause;
  const code = typeof cause?.code === "string" ? cause.code : "";
  if (["ENOENT", "ECONNREFUSED", "EACCES", "EPERM", "ENOTFOUND", "EHOSTUNREACH"].includes(code)) {
    const hint = code.startsWith("EACC") || code === "EPERM" ? "see who may open the socket" : "see that it is started";
    return new AssayUnavailable(`no sidecar was reached at \`${where}\`: ${code}`, { code: "no-sidecar", hint, cause });
  }
  if (code.startsWith("HPE_")) return badAnswer(cause.message);
  return new AssayUnavailable(`the connection to \`${where}\` was lost: ${code || cause?.message}`, {
    code: "connection-lost",
    hint: "send the event again under the same id: it is decided once",
    cause,
  });
}

module.exports = {
  AssayError,
  AssayProblem,
  AssayTimeout,
  AssayUnavailable,
  badAnswer,
  connectionError,
  errorFor,
  isProblem,
};
