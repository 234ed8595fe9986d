package import Assay
package import RuleSets
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
    engine.store.read(visit.entityKey) { answer.give($0) }
    return try answer.wait().get()
  }

  package func forget(_ visit: Visit, at time: Int64) throws(ArchiveFailure) -> StoredLog? {
    let answer = Awaited<Result<StoredLog?, ArchiveFailure>>()
    engine.store.forget(visit.entityKey, at: time) { answer.give($0) }
    return try answer.wait().get()
  }
}

extension EntityState {
  /// Reads the log of the entity at `address` and its windows at `time`; with `isPast` as they were then.
  package init(
    _ address: EntityAddress, at time: Int64, isPast: Bool, rules: RuleSet, access: any LogAccess
  ) throws(LogProblem) {
    var name: String?
    do {
      let visit = try access.look(at: address, time: time)
      let stored = try access.log(of: visit)
      name = stored?.name
      try self.init(address, at: time, isPast: isPast, rules: rules, visit: visit, stored: stored)
    } catch {
      throw LogProblem(error, log: name)
    }
  }
}
