package import RedisWindows

/// The part of Redis that the store uses, in memory and on a simulated clock: one command at a time, as Redis does.
package final class SimulatedRedis {
  struct Entry {
    var value: [UInt8]
    /// Nanoseconds; `Int64.max` for ever.
    var expiresAt = Int64.max
    var isString = true
  }

  /// What takes one write back.
  private struct Undo {
    var key: [UInt8]
    var head: Int
    var change: Change

    enum Change {
      case cut(to: Int)
      case restore(Entry?)
    }
  }

  /// What every log was at every moment.
  package let history = LogHistory()
  /// The line that refuses writes, such as `OOM …`; nil takes them.
  package var refusesWrites: String?
  /// The line that refuses everything, such as `LOADING …`.
  package var refusesAll: String?
  /// How many replicas acknowledge.
  package var replicas = 1
  /// Commands executed since the start, by name.
  package private(set) var counts: [String: Int] = [:]
  /// Keys that were lost, in part or in whole, other than by what the store did itself.
  package private(set) var lostKeys: Set<[UInt8]> = []
  /// Of these, keys that were deleted or that expired.
  package private(set) var deletedKeys: Set<[UInt8]> = []
  private let clock: SimulatedClock
  private var entries: [[UInt8]: Entry] = [:]
  private var undo: [Undo] = []

  package init(clock: SimulatedClock) { self.clock = clock }

  /// Whether a log was ever written anew.
  package var hasTrimmed: Bool { counts["EVAL"] != nil }

  /// The value of a key, for a test to look at.
  package func value(_ key: [UInt8]) -> [UInt8]? { live(key)?.value }

  /// When a key expires; nil when there is none, `Int64.max` when it never does.
  package func expiry(_ key: [UInt8]) -> Int64? { live(key)?.expiresAt }

  /// Puts a value under a key, as another program would.
  package func put(_ key: [UInt8], _ value: [UInt8], isString: Bool = true) {
    entries[key] = Entry(value: value, isString: isString)
    lostKeys.insert(key)
  }

  /// Deletes a key, as another program would.
  package func delete(_ key: [UInt8]) {
    guard entries.removeValue(forKey: key) != nil else { return }
    undo.removeAll { $0.key == key }
    history.move(key, to: LogHistory.empty)
    lostKeys.insert(key)
    deletedKeys.insert(key)
  }

  /// A replica takes over that lacks the last `count` writes, as far as no replica has acknowledged them.
  package func failOver(losing count: Int) {
    for change in undo.suffix(count).reversed() {
      switch change.change {
      case .cut(let length): entries[change.key]?.value.removeSubrange(length...)
      case .restore(let entry): entries[change.key] = entry
      }
      history.move(change.key, to: change.head)
      lostKeys.insert(change.key)
    }
    undo.removeAll()
  }

  /// Executes one command and appends its reply.
  package func execute(_ arguments: [[UInt8]], into tape: ReplyTape) {
    guard let word = arguments.first else { return error("ERR unknown command", tape) }
    let name = String(decoding: word, as: UTF8.self)
    counts[name, default: 0] += 1
    if let refusesAll { return error(refusesAll, tape) }
    if let refusesWrites, ["SET", "APPEND", "EVAL"].contains(name) { return error(refusesWrites, tape) }
    if name == "WAIT" {
      if replicas > 0 { undo.removeAll() }
      return tape.append(.integer, integer: Int64(replicas))
    }
    guard arguments.count > 1 else { return error("ERR wrong number of arguments", tape) }
    let key = name == "EVAL" && arguments.count > 3 ? arguments[3] : arguments[1]
    if let entry = live(key), !entry.isString, name != "PEXPIRE", name != "DEL" {
      return error("WRONGTYPE Operation against a key holding the wrong kind of value", tape)
    }
    switch name {
    case "GET": bytes(live(key)?.value, tape)
    case "SET": set(key, arguments, tape)
    case "APPEND": append(key, arguments[2], tape)
    case "GETRANGE": bytes(range(key, Self.number(arguments[2]), Self.number(arguments[3])), tape)
    case "STRLEN": tape.append(.integer, integer: Int64(live(key)?.value.count ?? 0))
    case "PEXPIRE":
      let condition = arguments.count > 3 ? String(decoding: arguments[3], as: UTF8.self) : ""
      expire(key, Self.number(arguments[2]), condition, tape)
    case "DEL":
      tape.append(.integer, integer: live(key) == nil ? 0 : 1)
      delete(key)
    case "EVAL": trim(key, arguments, tape)
    default: error("ERR unknown command '\(name)'", tape)
    }
  }

  private func live(_ key: [UInt8]) -> Entry? {
    guard let entry = entries[key] else { return nil }
    if entry.expiresAt > clock.now { return entry }
    delete(key)
    return nil
  }

  private func set(_ key: [UInt8], _ arguments: [[UInt8]], _ tape: ReplyTape) {
    let old = live(key)
    var entry = Entry(value: arguments[2])
    var gives = false, takes = true
    var index = 3
    while index < arguments.count {
      switch String(decoding: arguments[index], as: UTF8.self) {
      case "NX": takes = old == nil
      case "XX": takes = old != nil
      case "GET": gives = true
      case "KEEPTTL": entry.expiresAt = old?.expiresAt ?? .max
      case "PX":
        index += 1
        entry.expiresAt = clock.now + Self.number(arguments[index]) * 1_000_000
      default: return error("ERR syntax error", tape)
      }
      index += 1
    }
    if takes { write(key, entry) }
    if gives { return bytes(old?.value, tape) }
    if takes { status("OK", tape) } else { tape.append(.null) }
  }

  private func append(_ key: [UInt8], _ more: [UInt8], _ tape: ReplyTape) {
    let head = history.head(key)
    if let old = live(key) {
      undo.append(Undo(key: key, head: head, change: .cut(to: old.value.count)))
    } else {
      undo.append(Undo(key: key, head: history.head(key), change: .restore(nil)))
    }
    entries[key, default: Entry(value: [])].value.append(contentsOf: more)
    history.append(key, more)
    tape.append(.integer, integer: Int64(entries[key]?.value.count ?? 0))
  }

  private func write(_ key: [UInt8], _ entry: Entry) {
    undo.append(Undo(key: key, head: history.head(key), change: .restore(entries[key])))
    entries[key] = entry
  }

  private func expire(_ key: [UInt8], _ milliseconds: Int64, _ condition: String, _ tape: ReplyTape) {
    let moment = clock.now + milliseconds * 1_000_000
    guard let old = live(key)?.expiresAt else { return tape.append(.integer, integer: 0) }
    // To `GT` what lives for ever cannot live longer.
    let isMet = condition == "NX" ? old == .max : condition == "GT" ? old < moment : true
    if isMet { entries[key]?.expiresAt = moment }
    tape.append(.integer, integer: isMet ? 1 : 0)
  }

  /// What the store's one script does.
  private func trim(_ key: [UInt8], _ arguments: [[UInt8]], _ tape: ReplyTape) {
    guard arguments.count == 7, String(decoding: arguments[1], as: UTF8.self).contains("'KEEPTTL'") else {
      return error("ERR an unknown script", tape)
    }
    let count = Self.number(arguments[4])
    let proof = arguments[5]
    let end = range(key, count - Int64(proof.count), count - 1)
    guard end == proof, let old = live(key) else { return tape.append(.integer, integer: -1) }
    var entry = old
    entry.value = arguments[6] + range(key, count, -1)
    write(key, entry)
    tape.append(.integer, integer: Int64(entry.value.count))
  }

  private func range(_ key: [UInt8], _ first: Int64, _ last: Int64) -> [UInt8] {
    let value = live(key)?.value ?? []
    let count = Int64(value.count)
    let start = max(first < 0 ? first + count : first, 0)
    let end = min(last < 0 ? last + count : last, count - 1)
    return start <= end ? Array(value[Int(start)...Int(end)]) : []
  }

  private func bytes(_ value: [UInt8]?, _ tape: ReplyTape) {
    if let value { tape.append(.bytes, value.span.bytes) } else { tape.append(.null) }
  }

  private func status(_ text: String, _ tape: ReplyTape) { tape.append(.status, Array(text.utf8).span.bytes) }

  private func error(_ text: String, _ tape: ReplyTape) { tape.append(.error, Array(text.utf8).span.bytes) }

  private static func number(_ digits: [UInt8]) -> Int64 {
    Int64(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}
