/// What the bytes of an entity's log say, read here once more and apart from the store, by the record format alone.
struct ChaosLog {
  /// The time of the record that counts, by event id.
  private(set) var times: [String: Int64] = [:]
  /// The ids that are taken back, and those that do not count as accepted.
  private(set) var undone: Set<String> = []
  private(set) var excluded: Set<String> = []
  /// The log says that it lacks records.
  private(set) var hasGap = false

  private struct Mark: Hashable {
    var id: String
    var nonce: UInt64
  }

  /// Nil where the bytes are no records.
  init?(_ bytes: [UInt8]) {
    guard let records = Self.records(bytes) else { return nil }
    let voids = Set(records.filter { $0.kind == 3 }.map { Mark(id: $0.target, nonce: $0.nonce) })
    for record in records {
      switch record.kind {
      case 1 where !voids.contains(Mark(id: record.id, nonce: record.nonce)):
        if times[record.id] == nil { times[record.id] = record.time }
        if record.flags & 1 != 0 { undone.insert(record.target) }
      case 2: excluded.insert(record.target)
      case 4: hasGap = true
      default: break
      }
    }
  }

  private struct Record {
    var kind: UInt64
    var flags: UInt64
    var nonce: UInt64
    var time: Int64
    var id: String
    var target: String
  }

  private static func records(_ bytes: [UInt8]) -> [Record]? {
    var records: [Record] = []
    var start = 0
    while start < bytes.count {
      guard bytes.count - start >= 26 else { return nil }
      let length = Int(number(bytes, start, 4))
      let idEnd = start + 26 + Int(bytes[start + 22])
      let targetEnd = idEnd + Int(bytes[start + 23])
      guard length <= bytes.count - start, targetEnd <= start + length else { return nil }
      records.append(
        Record(
          kind: number(bytes, start + 4, 1), flags: number(bytes, start + 5, 1),
          nonce: number(bytes, start + 6, 4), time: Int64(bitPattern: number(bytes, start + 10, 8)),
          id: String(decoding: bytes[start + 26..<idEnd], as: UTF8.self),
          target: String(decoding: bytes[idEnd..<targetEnd], as: UTF8.self)))
      start += length
    }
    return records
  }

  private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
