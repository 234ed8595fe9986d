export { AssayClient, AssayError, AssayProblem, AssayTimeout, AssayUnavailable, eventJSON } from "./index.js";
export type {
  Answer,
  CallOptions,
  ClientOptions,
  DecideManyOptions,
  DecideOptions,
  Decision,
  Event,
  NotEvaluatedCause,
  Outcome,
  Readiness,
  RuleSetSummary,
  Signal,
  Undecided,
} from "./index.js";
