internal import CEL
internal import Events
internal import Windows

/// Bytes for a log, and how long it is to live.
struct LogWrite {
  let key: [UInt8]
  var record: [UInt8]
  /// Milliseconds.
  let expiry: Int64
  /// Whether it is an event's own record, which the log must outlive.
  var isEvent = false
  /// Whether the log is counted by panes, which take nothing back once it is cut.
  var hasPanes = false
  /// How long the log was with the bytes in it, once the primary has acknowledged them: only a replica has not.
  var landed: Int64?
}

/// Something that waits to be appended.
struct BacklogItem {
  /// The event's id and what claims it; nil for what belongs to an event that was appended.
  var claim: Claim?
  /// What each log gets.
  var writes: [LogWrite]
  /// What takes the records back, should the id belong to another event.
  var void: [UInt8] = []
  /// How often it was sent from here. Each attempt says so in its records: sent again as they were they could come to
  /// stand where another process knew them, and hide that the log before them is another.
  fileprivate(set) var attempts = 0
  let byteCount: Int

  struct Claim {
    var key: [UInt8]
    var digest: EventDigest
    var milliseconds: Int64
  }

  /// An event that was decided without Redis.
  init(_ visit: borrowing Visit, key: [UInt8], writes: [LogWrite], nonce: UInt32) {
    claim = Claim(key: key, digest: visit.event.digest, milliseconds: visit.plan.idRetentionMilliseconds)
    self.writes = writes
    void = visit.voidRecord(nonce: nonce)
    byteCount = Self.bytes(writes, key.count + void.count)
  }

  /// Records that say something about an event, or about a log.
  init(writes: [LogWrite]) {
    self.writes = writes
    byteCount = Self.bytes(writes, 0)
  }

  private static func bytes(_ writes: [LogWrite], _ more: Int) -> Int {
    writes.reduce(160 + more) { $0 + $1.key.count + $1.record.count + 80 }
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
    for write in item.writes { waiting[write.key, default: 0] += 1 }
    return true
  }

  /// The oldest items, at most so many.
  func oldest(_ count: Int) -> ArraySlice<BacklogItem> { items[first...].prefix(count) }

  /// Keeps in mind that the oldest items are sent, at most so many.
  mutating func countAttempt(_ count: Int) {
    for index in items.indices[first...].prefix(count) { items[index].attempts &+= 1 }
  }

  /// Removes the oldest item: it was appended, or given up.
  mutating func removeFirst() {
    let item = items[first]
    first += 1
    byteCount -= item.byteCount
    if let claim = item.claim { release(claim.key) }
    for write in item.writes { release(write.key) }
    if first >= 64 && first * 2 >= items.count {
      items.removeSubrange(0..<first)
      first = 0
    }
  }

  /// Keeps in mind that the primary has what an item, counted from the oldest, appends to a log; or, with no length,
  /// that it has not.
  mutating func land(_ index: Int, _ write: LogWrite, at length: Int64?) {
    guard first + index < items.count else { return }
    for place in items[first + index].writes.indices
    where items[first + index].writes[place].key == write.key {
      items[first + index].writes[place].record = write.record
      items[first + index].writes[place].landed = length
    }
  }

  private mutating func release(_ key: [UInt8]) {
    guard let count = waiting[key] else { return }
    waiting[key] = count > 1 ? count - 1 : nil
  }
}
