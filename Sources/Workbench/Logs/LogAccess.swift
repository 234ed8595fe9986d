package import Assay
package import Windows

/// What tools need of an engine and its store to look at logs, whatever store that is.
package protocol LogAccess: Sendable {
  /// A visit of nobody to an entity: its key, and a frame to read windows into.
  func look(at address: EntityAddress, time: Int64) throws(EventRefusal) -> Visit
  /// Reads the log of the visit's entity; nil where it has none.
  func log(of visit: Visit) throws(ArchiveFailure) -> StoredLog?
  /// Erases the log of the visit's entity; hands back what was erased.
  func forget(_ visit: Visit, at time: Int64) throws(ArchiveFailure) -> StoredLog?
}

/// Logs of an engine's store. Blocks until the store answers: not for where the store resumes its callers.
package struct ArchiveAccess<Store: LogArchive>: LogAccess {
  private let engine: Engine<Store>

  /// Access through `engine`, which must read all features.
  package init(_ engine: Engine<Store>) { self.engine = engine }

  package func look(at address: EntityAddress, time: Int64) throws(EventRefusal) -> Visit {
    try engine.look(at: address.entity, fields: address.parts.map { ($0.path, $0.text) }, time: time)
  }

  package func log(of visit: Visit) throws(ArchiveFailure) -> StoredLog? {
    let answer = Awaited<Result<StoredLog?, ArchiveFailure>>()
    engine.store.read(Self.key(visit)) { answer.give($0) }
    return try answer.wait().get()
  }

  package func forget(_ visit: Visit, at time: Int64) throws(ArchiveFailure) -> StoredLog? {
    let answer = Awaited<Result<StoredLog?, ArchiveFailure>>()
    engine.store.forget(Self.key(visit), at: time) { answer.give($0) }
    return try answer.wait().get()
  }

  private static func key(_ visit: Visit) -> [UInt8] {
    visit.appends.first.map { Array(visit.bytes[$0.key]) } ?? []
  }
}
