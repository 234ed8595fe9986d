package import Assay
internal import CEL
internal import Windows

/// What a log that is erased, or about to be, has in it.
package struct LogErasure: Sendable {
  package let address: EntityAddress
  /// Records that say something: not the one that a former erasure has left.
  package let recordCount: Int
  package let byteCount: Int
  /// The times of the oldest and the newest event; nil where there is none.
  package let times: ClosedRange<Int64>?
  /// When the log was erased before; nil where it was not.
  package let forgottenAt: Int64?

  /// Looks at the log of the entity at `address` without changing it; nil where there is none.
  package init?(lookingAt address: EntityAddress, time: Int64, access: any LogAccess) throws(LogProblem) {
    do {
      let visit = try access.look(at: address, time: time)
      guard let log = try access.log(of: visit) else { return nil }
      self.init(address, log)
    } catch {
      throw LogProblem(error)
    }
  }

  /// Erases the log of the entity at `address`, and tells what was in it; nil where there is none.
  package init?(erasing address: EntityAddress, at time: Int64, access: any LogAccess) throws(LogProblem) {
    do {
      let visit = try access.look(at: address, time: time)
      guard let log = try access.forget(visit, at: time) else { return nil }
      self.init(address, log)
    } catch {
      throw LogProblem(error)
    }
  }

  /// A damaged log is erased as well: then only its size is known.
  private init(_ address: EntityAddress, _ log: StoredLog) {
    let records = (try? LogRecord.all(in: log.bytes)) ?? []
    let events = records.filter { $0.kind == .event }.map(\.time)
    self.address = address
    byteCount = log.bytes.count
    recordCount = records.count { $0.kind != .forgotten }
    times = events.min().flatMap { oldest in events.max().map { oldest...$0 } }
    forgottenAt = records.first { $0.kind == .forgotten }?.time
  }

  /// Whether there is nothing left to erase.
  package var isEmpty: Bool { recordCount == 0 && forgottenAt != nil }

  /// `12 records, 1034 bytes, of events from … to …`.
  package var shown: String {
    let count = recordCount == 1 ? "1 record" : "\(recordCount) records"
    let span = times.map { range in
      let (oldest, newest) = (EntityState.moment(range.lowerBound), EntityState.moment(range.upperBound))
      return oldest == newest ? ", of \(oldest)" : ", of \(oldest) to \(newest)"
    }
    return "\(count), \(byteCount) bytes" + (span ?? "")
  }

  /// What was erased, as one JSON object.
  package func json() -> String {
    func moment(_ time: Int64?) -> JSONValue { time.map { .string(EntityState.moment($0)) } ?? .null }
    return JSONValue.object([
      .init("entity", .object(address.parts.map { .init($0.path, .string($0.masked)) })),
      .init("records", .number(String(recordCount))),
      .init("bytes", .number(String(byteCount))), .init("oldest", moment(times?.lowerBound)),
      .init("newest", moment(times?.upperBound)),
    ]).encoded() + "\n"
  }
}
