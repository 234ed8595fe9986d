/** What is to happen with an event. */
export type Outcome = "allow" | "review" | "block";

/** Why a rule has no answer for an event. */
export type NotEvaluatedCause = "missing" | "error" | "unavailable" | "evicted" | "saturated";

/** The decision on one event. */
export interface Decision {
  /** The event's id. */
  readonly event: string;
  readonly outcome: Outcome;
  /** The sum of the fired live rules' scores. */
  readonly score: number;
  /** The live rules that fired. `text` is for people who review. */
  readonly reasons: ReadonlyArray<{
    readonly rule: string;
    readonly score?: number;
    readonly decide?: Outcome;
    readonly text: string;
  }>;
  /** The shadow rules that fired; they have no effect. */
  readonly shadow: ReadonlyArray<{ readonly rule: string; readonly score?: number; readonly decide?: Outcome }>;
  /** The rules that had no answer, and the floor (`then`) that they put under the outcome for it. */
  readonly not_evaluated: ReadonlyArray<{
    readonly rule: string;
    readonly why: NotEvaluatedCause;
    readonly field?: string;
    readonly detail?: string;
    readonly then?: Outcome;
  }>;
  /**
   * The features that the fired rules read; null is unknown. Durations are texts such as `90s`, times RFC 3339. An
   * integer beyond 2^53 is not exact here: ask for `as: "text"` where that matters.
   */
  readonly features: { readonly [name: string]: boolean | number | string | null };
  readonly ruleset: { readonly name: string; readonly version: string };
  /** The decision was made without some of the state it needs; `why` says of which. */
  readonly degraded: boolean;
  readonly why?: string;
  /** What would have stood but for the rule set's breaker, and the shares that opened it. */
  readonly breaker?: { readonly instead_of: Outcome; readonly blocks: number; readonly decisions: number };
  /** The event was decided before, and this is what it got. */
  readonly repeated: boolean;
  /** The event was seen before but no decision was stored: decided anew on the windows of its first position. */
  readonly recomputed?: true;
  /** The event came later than the rule set's `max_lateness`. */
  readonly late?: true;
  /** Nothing was recorded. */
  readonly dry_run?: true;
  /** Features whose counts are lower bounds. */
  readonly saturated?: ReadonlyArray<string>;
  /** Features whose windows reach records from before the feature was there. */
  readonly warming?: ReadonlyArray<string>;
  /** Features whose oldest pane of time counts whole. */
  readonly approximate?: ReadonlyArray<string>;
  /** Fields whose value is no member of their enumeration. */
  readonly unlisted?: ReadonlyArray<string>;
  /** Never there: it tells a decision from what the caller chose for want of one. */
  readonly undecided?: undefined;
}

/** What `otherwise` gives where no sidecar decided. */
export interface Undecided {
  /** The caller's own choice. */
  readonly outcome: Outcome;
  readonly undecided: true;
  /** Why nobody decided. */
  readonly error: AssayUnavailable | AssayTimeout;
}

/**
 * An event as the rule set's schema has it. An object may hold BigInts, which are written in full; a number that JSON
 * or a double cannot hold exactly is refused. A string or bytes are the event's JSON and go out as they are.
 */
export type Event = object | string | Uint8Array;

/** As much of an `AbortSignal` as is used here, so that these types need neither the DOM's nor Node's. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Where the sidecar listens, and what the client may take. */
export type ClientOptions = (
  | { readonly socketPath: string; readonly host?: undefined; readonly port?: undefined }
  | { readonly socketPath?: undefined; readonly host?: string; readonly port: number }
) & {
  /** How long a call may take with all that belongs to it, a second try included; milliseconds. 250 by default. */
  readonly timeoutMs?: number;
  /** Connections at once for single decisions; calls beyond wait, within their time-out. 16 by default. */
  readonly socketsMax?: number;
  /** After how much silence a connection is closed; milliseconds. 60,000 by default, below the sidecar's 300,000. */
  readonly idleMs?: number;
};

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with the signal's reason. */
  readonly signal?: Signal;
  /** Instead of the client's. The sidecar is told in `deadline-ms`. */
  readonly timeoutMs?: number;
}

/** What a decision on one event takes besides. */
export interface DecideOptions extends CallOptions {
  /** Decides without recording anything. */
  readonly dryRun?: boolean;
  /** The event's id once more; the sidecar refuses the event if it has another. */
  readonly idempotencyKey?: string;
  /** A W3C trace context, passed on. */
  readonly traceparent?: string;
}

/** What a stream of decisions takes besides. */
export interface DecideManyOptions extends CallOptions {
  /** For how long answers may be owed without one coming; milliseconds. */
  readonly timeoutMs?: number;
  /** Decides without recording anything. */
  readonly dryRun?: boolean;
  /** How many events are taken from the source ahead of the answers that were taken. 256 by default. */
  readonly ahead?: number;
}

/** The answer to one event of a stream: a decision, or the problem with this event alone. */
export type Answer<E, D> =
  | { readonly index: number; readonly event: E; readonly decision: D; readonly problem: undefined }
  | { readonly index: number; readonly event: E; readonly decision: undefined; readonly problem: AssayProblem };

/** The rules that decide now. */
export interface RuleSetSummary {
  readonly name: string;
  readonly version: string;
  readonly rules: ReadonlyArray<{ readonly id: string; readonly status: string }>;
}

/** Whether decisions can be made, and what is to be said of it. */
export interface Readiness {
  readonly ready: boolean;
  readonly detail: string;
  readonly error?: AssayError;
}

/** A sidecar as a service sees it. Make one for a process and keep it: it holds the connections. */
export class AssayClient {
  constructor(options: ClientOptions);

  /**
   * Decides one event. Rejects with `AssayProblem` where the event is at fault, with `AssayUnavailable` or
   * `AssayTimeout` where nobody decided, and with the signal's reason. With `otherwise` the second kind does not
   * reject: it gives that outcome, marked `undecided`. With `as: "text"` a decision is its JSON, byte for byte.
   */
  decide(
    event: Event,
    options?: DecideOptions & { readonly as?: "object"; readonly otherwise?: undefined },
  ): Promise<Decision>;
  decide(
    event: Event,
    options: DecideOptions & { readonly as?: "object"; readonly otherwise: Outcome },
  ): Promise<Decision | Undecided>;
  decide(
    event: Event,
    options: DecideOptions & { readonly as: "text"; readonly otherwise?: undefined },
  ): Promise<string>;
  decide(
    event: Event,
    options: DecideOptions & { readonly as: "text"; readonly otherwise: Outcome },
  ): Promise<string | Undecided>;

  /**
   * Decides many events over one connection of its own. Answers come in the order of the events, each as soon as it is
   * made. Stop taking answers and no further events are taken; leave the loop and the source is ended.
   */
  decideMany<E extends Event>(
    events: Iterable<E> | AsyncIterable<E>,
    options?: DecideManyOptions & { readonly as?: "object" },
  ): AsyncGenerator<Answer<E, Decision>, void, undefined>;
  decideMany<E extends Event>(
    events: Iterable<E> | AsyncIterable<E>,
    options: DecideManyOptions & { readonly as: "text" },
  ): AsyncGenerator<Answer<E, string>, void, undefined>;

  /** The rules that decide now. */
  ruleset(options?: CallOptions): Promise<RuleSetSummary>;

  /** Whether decisions can be made. Rejects only with the signal's reason. */
  ready(options?: CallOptions): Promise<Readiness>;

  /** Takes nothing more, waits for what is under way, ends streams, and closes the connections. */
  close(): Promise<void>;
}

/**
 * An event as JSON, for a queue or a table: BigInts in full, dates as RFC 3339. Throws a `TypeError` that names the
 * place of what JSON cannot hold exactly: integers beyond 2^53, `NaN`, collections, functions.
 */
export function eventJSON(event: object): string;

/** What all errors of the client have in common. */
export class AssayError extends Error {
  protected constructor();
  /** Stable, kebab case. */
  readonly code: string;
  /** The way out. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The sidecar refused the request: the event is at fault, and trying again gives the same. */
export class AssayProblem extends AssayError {
  protected constructor();
  readonly status: number;
  /** `urn:assay:problem:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  /** The dotted path of the event's field that it is about. */
  readonly field?: string;
  readonly retryAfterSeconds?: number;
}

/** No sidecar, a lost connection, or one that takes nothing on now. The event may go to it again under the same id. */
export class AssayUnavailable extends AssayError {
  protected constructor();
  /** What the sidecar said, where it did: `overloaded`, `draining`, `not-ready`. */
  readonly problem?: AssayProblem;
  /** After how many seconds another try may succeed, where the sidecar said. */
  readonly retryAfterSeconds?: number;
}

/** The decision was not there in time. It may be made all the same; sent again, the event gets it. */
export class AssayTimeout extends AssayError {
  protected constructor();
  readonly timeoutMs?: number;
  /** What the sidecar said, where its own clock was first. */
  readonly problem?: AssayProblem;
}
