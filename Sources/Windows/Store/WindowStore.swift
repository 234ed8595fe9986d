public import Events

/// Where entity logs live. A store moves bytes and remembers event ids; the windows are the fold's.
public protocol WindowStore: Sendable {
  /// Claims the event's id, appends its records, and folds each entity up to the event's own position into the
  /// frame, in one round trip.
  ///
  /// Returns the visit when it is finished now; otherwise returns nil and calls `resume` once.
  func exchange(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit?

  /// Takes a blocked event out of the windows that count accepted events only; finished when acknowledged.
  func exclude(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit?

  /// Remembers the decision for the event's id, in order but not awaited.
  func remember(_ visit: borrowing Visit, decision: [UInt8])
}

/// What the store knew of an event's id before this visit.
public enum Prior: Sendable, Equatable {
  /// Nothing: it is counted now.
  case first
  /// It was appended, in whole or in part, and no decision is known: the windows are those of its first position.
  case attempted
  /// It was decided; the bytes are what `remember` was given.
  case decided([UInt8])
  /// Another event with other content has this id; nothing was appended.
  case conflict
}

/// Why a store could not answer.
public struct StoreFailure: Error, Hashable, Sendable {
  /// What kind of failure it is.
  public enum Code: String, Sendable, Hashable {
    case unavailable
    case late
    /// A log holds bytes that are no records.
    case damaged
  }
  /// What kind of failure it is.
  public let code: Code
  /// Lower case, no final period.
  public let message: String
  /// The way out, where there is one to name.
  public let hint: String?
  /// A failure with its sentence.
  public init(code: Code, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

/// One event's way through a store.
public struct Visit: Sendable {
  /// The event; its frame receives the features.
  public var event: Event
  /// What is recorded and read.
  public var plan: WindowPlan
  /// One for each entity that the event names and whose windows or log it concerns.
  public var appends: [LogAppend]
  /// The keys and records that `appends` points into.
  public var bytes: [UInt8]
  /// What the store knew of the event's id.
  public var prior = Prior.first
  /// The store has given up ids of events as old as this one, so that it may have had it without knowing.
  package var mayRepeat = false
  /// Why the features are not to be trusted, if they are not.
  public var failure: StoreFailure?
  /// The event lags more than the plan's lateness behind the newest record of one of its logs.
  public var late = false

  /// A visit whose keys and records are built already.
  public init(
    event: consuming Event, plan: WindowPlan, appends: consuming [LogAppend] = [],
    bytes: consuming [UInt8] = []
  ) {
    self.event = consume event
    self.plan = plan
    self.appends = consume appends
    self.bytes = consume bytes
  }
}

/// One entity's part of a visit.
public struct LogAppend: Sendable {
  /// Index into `WindowPlan.entities`.
  public var entity: Int
  /// The entity key in `Visit.bytes`.
  public var key: Range<Int>
  /// The record in `Visit.bytes`; empty when the event only reads.
  public var record: Range<Int>

  /// One entity's part, by ranges of `Visit.bytes`.
  public init(entity: Int, key: Range<Int>, record: Range<Int>) {
    self.entity = entity
    self.key = key
    self.record = record
  }
}
