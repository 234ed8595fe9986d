package import Assay
package import Windows

/// What a backfill needs of an engine and its store, whatever store that is.
package protocol EventRecording: Sendable {
  /// Whether some window leaves out what was blocked.
  var excludesBlocked: Bool { get }
  /// Reads an event and makes its records.
  func visit(_ line: Span<UInt8>) throws(EventRefusal) -> Visit
  /// What follows from a decision that was made before.
  func consequences(of decision: Decision) -> (isRemembered: Bool, isExcluded: Bool)
  /// Begins to take in a batch.
  func begin(_ batch: [RecordedEvent]) -> PendingBatch
}

/// A batch on its way into the store, and what became of it.
package typealias PendingBatch = Awaited<Result<[RecordedEvent.Answer], ArchiveFailure>>

/// Events recorded through an engine into its store.
package struct ArchiveRecording<Store: LogArchive>: EventRecording {
  private let engine: Engine<Store>
  private let recorder: any LogRecorder

  /// A recording of one history.
  package init(_ engine: Engine<Store>) {
    self.engine = engine
    recorder = engine.store.makeRecorder()
  }

  package var excludesBlocked: Bool { engine.excludesBlocked }

  package func visit(_ line: Span<UInt8>) throws(EventRefusal) -> Visit { try engine.recordedVisit(line) }

  package func consequences(of decision: Decision) -> (isRemembered: Bool, isExcluded: Bool) {
    engine.consequences(of: decision)
  }

  package func begin(_ batch: [RecordedEvent]) -> PendingBatch {
    let pending = PendingBatch()
    recorder.record(batch) { pending.give($0) }
    return pending
  }
}
