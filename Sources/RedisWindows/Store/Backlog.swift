internal import CEL
internal import Events
internal import Windows

/// Something that waits to be appended.
struct BacklogItem {
  /// The event's id and what claims it; nil for what belongs to an event that was appended.
  var claim: Claim?
  /// Each log and what it gets.
  var appends: [(key: [UInt8], record: [UInt8])]
  /// What takes the records back, should the id belong to another event.
  var void: [UInt8] = []
  let byteCount: Int

  struct Claim {
    var key: [UInt8]
    var digest: EventDigest
    var milliseconds: Int64
  }

  /// An event that was decided without Redis.
  init(_ visit: borrowing Visit, key: [UInt8], logs: [[UInt8]], nonce: UInt32) {
    claim = Claim(key: key, digest: visit.event.digest, milliseconds: visit.plan.idRetentionMilliseconds)
    var appends: [(key: [UInt8], record: [UInt8])] = []
    for (append, log) in zip(visit.appends, logs) where !append.record.isEmpty {
      appends.append((log, Array(visit.bytes[append.record])))
    }
    self.appends = appends
    void = visit.voidRecord(nonce: nonce)
    byteCount = Self.bytes(appends, key.count + void.count)
  }

  /// A record that says something about an event.
  init(record: [UInt8], keys: [[UInt8]]) {
    appends = keys.map { ($0, record) }
    byteCount = Self.bytes(appends, 0)
  }

  private static func bytes(_ appends: [(key: [UInt8], record: [UInt8])], _ more: Int) -> Int {
    appends.reduce(160 + more) { $0 + $1.key.count + $1.record.count + 64 }
  }
}

/// What could not be appended when it was decided, in order, within a bound of bytes.
struct Backlog {
  private var items: [BacklogItem] = []
  private var first = 0
  /// How many items wait for a key.
  private var waiting: [[UInt8]: Int] = [:]
  private(set) var byteCount = 0
  private let bytesMax: Int

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  var count: Int { items.count - first }
  var isEmpty: Bool { count == 0 }

  /// Whether anything waits for the key of a log or an id.
  func holds(_ key: [UInt8]) -> Bool { waiting[key] != nil }

  /// Adds an item at the end; false when it does not fit.
  mutating func add(_ item: BacklogItem) -> Bool {
    guard byteCount + item.byteCount <= bytesMax else { return false }
    byteCount += item.byteCount
    items.append(item)
    if let claim = item.claim { waiting[claim.key, default: 0] += 1 }
    for append in item.appends { waiting[append.key, default: 0] += 1 }
    return true
  }

  /// The oldest items, at most so many.
  func oldest(_ count: Int) -> ArraySlice<BacklogItem> { items[first...].prefix(count) }

  /// Removes the oldest item: it was appended, or given up.
  mutating func removeFirst() {
    let item = items[first]
    first += 1
    byteCount -= item.byteCount
    if let claim = item.claim { release(claim.key) }
    for append in item.appends { release(append.key) }
    if first >= 64 && first * 2 >= items.count {
      items.removeSubrange(0..<first)
      first = 0
    }
  }

  private mutating func release(_ key: [UInt8]) {
    guard let count = waiting[key] else { return }
    waiting[key] = count > 1 ? count - 1 : nil
  }
}
