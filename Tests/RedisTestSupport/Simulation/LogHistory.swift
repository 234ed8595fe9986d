/// Every record that was ever appended to a log, in the order in which the simulated Redis took them; trimming, which
/// is to change nothing that can be seen, changes nothing here.
///
/// A log is named by its last record, which knows the one before: what the log was at any moment stays to be read.
package final class LogHistory {
  private struct Node {
    var record: [UInt8]
    var previous: Int
  }

  /// Before the first record.
  package static let empty = -1
  private var nodes: [Node] = []
  private var heads: [[UInt8]: Int] = [:]
  private var firsts: [[UInt8]: Int] = [:]

  package init() {}

  /// The last record of a log.
  package func head(_ key: [UInt8]) -> Int { heads[key] ?? Self.empty }

  /// Moves a log back, or forward again: its records were lost, or come from a copy.
  func move(_ key: [UInt8], to head: Int) { heads[key] = head }

  /// Takes what was appended to a log at once: records back to back. What is none is not kept.
  func append(_ key: [UInt8], _ bytes: [UInt8]) {
    var start = 0
    while bytes.count - start >= 26 {
      let length = Int(LoggedRecord.number(bytes, start, 4))
      guard length >= 26, length <= bytes.count - start else { return }
      let record = Array(bytes[start..<start + length])
      nodes.append(Node(record: record, previous: head(key)))
      heads[key] = nodes.count - 1
      let name = key + record
      if firsts[name] == nil { firsts[name] = nodes.count - 1 }
      start += length
    }
  }

  /// Where a record, which its nonce tells from all others, was first appended to a log.
  package func place(of record: [UInt8], in key: [UInt8]) -> Int? { firsts[key + record] }

  /// Whether the log that ends at `end` holds what stands at `place`.
  func holds(_ place: Int, upTo end: Int) -> Bool {
    var end = end
    while end > place { end = nodes[end].previous }
    return end == place
  }

  /// The records of a log up to and including the one at `place`.
  package func records(upTo place: Int) -> [LoggedRecord] {
    var found: [LoggedRecord] = []
    var place = place
    while place != Self.empty {
      found.append(LoggedRecord(nodes[place].record))
      place = nodes[place].previous
    }
    found.reverse()
    return found
  }
}

/// The header of a record, read as the format's description says and by nothing of the store's.
package struct LoggedRecord {
  /// What is logged: an event, or what is said of one or of the log.
  package enum Kind: UInt64 { case event = 1, exclusion, void, gap, checkpoint, seal }

  package let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var kind: Kind? { Kind(rawValue: Self.number(bytes, 4, 1)) }
  package var nonce: UInt32 { UInt32(Self.number(bytes, 6, 4)) }
  package var time: Int64 { Int64(bitPattern: Self.number(bytes, 10, 8)) }
  package var id: String { text(26, Int(Self.number(bytes, 22, 1))) }
  package var target: String {
    text(26 + Int(Self.number(bytes, 22, 1)), Int(Self.number(bytes, 23, 1)))
  }
  /// The bytes without what tells two deliveries of them apart.
  package var content: [UInt8] { Self.content(bytes) }

  package static func content(_ bytes: [UInt8]) -> [UInt8] {
    var content = bytes
    if content.count > 5 { content[5] &= 7 }
    for index in 6..<10 where index < content.count { content[index] = 0 }
    return content
  }

  var description: String {
    "<\(kind.map { "\($0)" } ?? "?") \(id) at \(time % 100_000), of \(nonce), on \(target)>"
  }

  private func text(_ start: Int, _ count: Int) -> String {
    String(decoding: bytes[min(start, bytes.count)..<min(start + count, bytes.count)], as: UTF8.self)
  }

  static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in (start..<start + count).reversed() { number = number << 8 | UInt64(bytes[index]) }
    return number
  }
}
