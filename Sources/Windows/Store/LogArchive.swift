/// What tools need of a store beside visits: logs looked at and erased by their entity, and recorded events taken in
/// without reading windows for them.
///
/// `done` is called once, wherever the store resumes its callers.
package protocol LogArchive: WindowStore {
  /// Reads the log of `entity`, its key as it stands in `Visit.bytes`; nil where it has none. Changes nothing.
  func read(_ entity: [UInt8], done: @escaping @Sendable (Result<StoredLog?, ArchiveFailure>) -> Void)

  /// Erases the log of `entity`, and leaves a record in its place that says so, with the time it was done; hands back
  /// what was erased, nil where there was no log.
  func forget(
    _ entity: [UInt8], at time: Int64, done: @escaping @Sendable (Result<StoredLog?, ArchiveFailure>) -> Void)

  /// Takes in recorded events, for one history from its beginning to its end.
  func makeRecorder() -> any LogRecorder
}

/// Claims the ids of recorded events and appends their records, without reading windows.
package protocol LogRecorder: Sendable {
  /// Takes in a batch: all that is new is appended, in order, when `done` is called; an answer for each event.
  ///
  /// After a failure any part of the batch may have been taken in. Given again, it counts once: each event's id says
  /// whether it was appended. The next batch must wait for `done`.
  func record(
    _ batch: [RecordedEvent],
    done: @escaping @Sendable (Result<[RecordedEvent.Answer], ArchiveFailure>) -> Void)
}

/// An entity's log as a store keeps it.
package struct StoredLog: Sendable, Equatable {
  /// Records back to back.
  package let bytes: [UInt8]
  /// When the store lets go of it if nobody appends; milliseconds from now, nil for never.
  package let expiresIn: Int64?
  /// What the store calls it, for messages.
  package let name: String?

  /// A log and its time.
  package init(bytes: [UInt8], expiresIn: Int64?, name: String? = nil) {
    self.bytes = bytes
    self.expiresIn = expiresIn
    self.name = name
  }
}

/// A recorded event on its way into a store.
package struct RecordedEvent: Sendable {
  /// The event's keys and records.
  package let visit: Visit
  /// The decision to remember for its id, as `WindowStore.remember` takes it; nil where it is not known.
  package let decision: [UInt8]?
  /// It does not count where accepted events are counted.
  package let isExcluded: Bool

  /// An event, and what is known of how it was decided.
  package init(visit: Visit, decision: [UInt8]? = nil, isExcluded: Bool = false) {
    self.visit = visit
    self.decision = decision
    self.isExcluded = isExcluded
  }

  /// What became of it.
  package enum Answer: Sendable, Equatable {
    /// Its id was new: it was appended.
    case appended
    /// Its id was claimed, and nobody knew whether its records were appended: they were now. Records that were there
    /// already count once.
    case resumed
    /// It was there already.
    case known
    /// Another event with other content has its id; nothing was appended.
    case conflict
    /// One of its keys holds what is not ours, and got nothing; its other logs have it. Given again once that is
    /// mended, it is taken in.
    case leftOut(ArchiveFailure)
  }
}

/// Why a store could not do what a tool asked for.
package struct ArchiveFailure: Error, Hashable, Sendable {
  /// Lower case, no final period.
  package let message: String
  /// The way out, where there is one to name.
  package let hint: String?

  /// A failure with its sentence.
  package init(message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
