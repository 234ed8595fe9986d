internal import Windows

/// One entity's log as this process knows it, and the fold over it.
///
/// Offsets are those of the log in Redis. Every read begins at the last record known here, whose nonce tells it from
/// any other: a log that was trimmed, lost or lost and grown back does not continue it.
final class CachedLog {
  // What is looked at when a request is sent stands first, within two lines of the processor's cache.
  let key: [UInt8]
  let hash: UInt64
  // None of these is reached again from within a change of itself: those checks are left out.
  @safe @exclusivity(unchecked) private(set) var bytes = ContiguousArray<UInt8>()
  /// How many bytes there are; the array's own count is in memory of its own, which would be waited for.
  @safe @exclusivity(unchecked) private(set) var length = 0
  /// Where the last whole record begins.
  @safe @exclusivity(unchecked) private(set) var lastStart = 0
  /// Raised each time this process trims the log: offsets of requests sent before must be moved.
  @safe @exclusivity(unchecked) private(set) var version = 0
  /// While it is read in several steps; it stays as it is then.
  @safe @exclusivity(unchecked) var reading: StepwiseReading?
  /// When the expiry is to be renewed, in nanoseconds of the loop's clock.
  @safe @exclusivity(unchecked) var renewAt = Int64.min
  /// A renewal of its expiry is owed.
  var isOwed = false
  /// For the cache: whether it was used since the hand last came by, its place, and the bytes as last counted.
  @safe @exclusivity(unchecked) var wasUsed = true
  var slot = -1
  var countedBytes = 0
  /// The bytes of the log with which it is to be counted anew: with fewer than then, or with so many.
  private var countedAt = Int.max
  private var countAt = 0
  /// Where the first record begins that was not looked at.
  @safe @exclusivity(unchecked) private var unreadFrom = 0
  /// The length at which trimming pays again.
  var trimAt: Int
  @safe @exclusivity(unchecked) var fold: EntityFold
  /// When the key expires if nobody renews it.
  var expiresAt = Int64.max
  /// Records up to this time were found to be lost. Kept here because the record that says so is still on its way.
  private(set) var lostBefore = Int64.min
  /// Up to where a replica is known to have the log; what stands behind it may go with its primary, and its event waits
  /// in a backlog then.
  private(set) var confirmedEnd = 0
  /// What the last trim took off all offsets, and the first offset, after it, that still counts.
  private var shift = 0
  private var firstMovable = 0
  /// The last record before the last trim, which proves of an older request's reply that the trim's offsets hold in it.
  private var trimmedAfter: [UInt8] = []

  init(key: [UInt8], hash: UInt64, layout: FoldLayout, trimAt: Int) {
    self.key = key
    self.hash = hash
    self.trimAt = trimAt
    fold = EntityFold(layout: layout)
  }

  /// Whether it is the log of an entity.
  @inline(__always) func isOf(_ entity: RawSpan, _ keys: LogKeys) -> Bool { keys.isLog(key, of: entity) }

  /// Asks for the memory of the log and of the fold: side by side for all logs of a visit, one after another where it
  /// is needed.
  func prefetch() {
    // Up to where it is read, which the log's own count would have to be waited for to tell.
    let newest = unsafe bytes.withUnsafeBytes { unsafe $0.baseAddress.map { unsafe $0 + lastStart } }
    if let newest = unsafe newest { unsafe Windows.prefetch(at: newest, lines: 3) }
    fold.prefetchAllGroups()
  }

  /// The same for what that memory points to.
  func prefetchArrays() { fold.prefetchArrays() }

  /// The same for what is at the ends of that, and where an id is looked for.
  func prefetchEnds(identity hash: UInt64) { fold.prefetchEnds(identity: hash) }

  /// Whether it is no longer about as large as it was counted.
  var isToBeCounted: Bool { bytes.count >= countAt || bytes.count < countedAt }

  /// Bytes by our own count.
  func count() -> Int {
    countedAt = bytes.count
    countAt = bytes.count + max(bytes.count / 8, 128)
    return 224 + key.count + bytes.count + fold.byteCount
  }

  /// The fold belongs to another plan, and begins anew.
  func beginFold(_ layout: FoldLayout) {
    fold = emptyFold(layout)
    countAt = 0
  }

  /// Where the next read begins.
  var readFrom: Int { lastStart }

  /// What became of a reply.
  enum Absorbed {
    /// It continues what was known; the event's own record is there.
    case own(Range<Int>)
    /// It continues what was known and ends before the event's own record: there is more to read.
    case more
    /// It does not continue it: the log must be read as a whole.
    case mismatch
  }

  /// Takes over what a reply shows of the log from `from` on.
  ///
  /// - Parameters:
  ///   - version: this object's when the request was sent.
  ///   - isFull: there are as many bytes as were asked for, so that more may follow.
  ///   - end: the log's length after `record` was appended; nil when nothing was appended.
  func absorb(
    _ chunk: RawSpan, from: Int, version sent: Int, isFull: Bool, end: Int?, record: RawSpan
  ) throws(StoreFailure) -> Absorbed {
    // Taken out while it is compared and grown, so that no reference to it is counted up and down.
    var log: ContiguousArray<UInt8> = []
    swap(&log, &bytes)
    defer { swap(&log, &bytes) }
    return try absorb(
      chunk, from: from, version: sent, isFull: isFull, end: end, record: record, into: &log)
  }

  private func absorb(
    _ chunk: RawSpan, from: Int, version sent: Int, isFull: Bool, end: Int?, record: RawSpan,
    into log: inout ContiguousArray<UInt8>
  ) throws(StoreFailure) -> Absorbed {
    if sent == version && !isFull && isOwnRecord(chunk, from, end: end, record, behind: log) {
      return .own(take(record, into: &log))
    }
    var chunk = chunk
    var from = from
    var end = end
    if sent != version {
      guard sent == version - 1 else { return .mismatch }
      from -= shift
      // Whatever a server says: a length that wraps around is none that fits.
      end = end.map { $0 &- shift }
      let skipped = max(0, firstMovable - from)
      // Another process may have trimmed the log as well: then the reply counts from elsewhere.
      guard skipped <= chunk.byteCount, skipped >= trimmedAfter.count,
        chunk.equal(skipped - trimmedAfter.count..<skipped, trimmedAfter.rawBytes)
      else { return .mismatch }
      chunk = chunk.extracting(droppingFirst: skipped)
      from += skipped
    }
    guard from >= 0, from <= log.count else { return .mismatch }
    // What stands behind the own record may end within another one.
    if isFull, let end { chunk = chunk.extracting(first: min(max(end &- from, 0), chunk.byteCount)) }
    let known = min(log.count - from, chunk.byteCount)
    guard log.rawBytes.equal(from..<from + known, chunk.extracting(first: known)) else { return .mismatch }
    // A log that ends before what is known of it was cut, unless an older reply came late.
    let last = end ?? from + chunk.byteCount
    if isFull && (end == nil || last > from + chunk.byteCount) { return .more }
    guard last <= from + chunk.byteCount, last >= record.byteCount else { return .mismatch }
    if end == nil && last < log.count { return .mismatch }
    if known < chunk.byteCount { try append(chunk.extracting(droppingFirst: known), to: &log) }
    let own = last - record.byteCount..<last
    return log.rawBytes.equal(own, record) ? .own(own) : .mismatch
  }

  /// Whether a reply shows what is known and, right behind it, the event's own record: by far the most do.
  @inline(__always) private func isOwnRecord(
    _ chunk: RawSpan, _ from: Int, end: Int?, _ record: RawSpan, behind log: ContiguousArray<UInt8>
  ) -> Bool {
    let known = log.count &- from
    guard from >= 0, known >= 0, !record.isEmpty, unreadFrom == log.count,
      end == log.count + record.byteCount, chunk.byteCount == known + record.byteCount
    else { return false }
    return chunk.equal(known..<chunk.byteCount, record)
      && log.rawBytes.equal(from..<log.count, chunk.extracting(first: known))
  }

  /// Puts an event's own record behind what is known: it need not be looked at to know where it ends.
  @inline(__always) private func take(
    _ record: RawSpan, into log: inout ContiguousArray<UInt8>
  ) -> Range<Int> {
    let start = log.count
    add(record, to: &log)
    lastStart = start
    unreadFrom = log.count
    return start..<log.count
  }

  /// Forgets what is known and takes the whole log as a reply shows it.
  func replace(by whole: RawSpan, layout: FoldLayout) throws(StoreFailure) {
    reset(layout)
    try append(whole, to: &bytes)
  }

  /// Takes over what was read of the log: whole records, of which the last begins at `lastStart`.
  func adopt(_ whole: ContiguousArray<UInt8>, lastStart: Int) {
    bytes = whole
    length = whole.count
    self.lastStart = lastStart
    unreadFrom = lastStart
  }

  /// A replica has what stands before `end`.
  func confirm(through end: Int) { confirmedEnd = max(confirmedEnd, end) }

  /// Forgets what is known: the next read begins at the front.
  func reset(_ layout: FoldLayout) {
    bytes = []
    length = 0
    lastStart = 0
    confirmedEnd = 0
    unreadFrom = 0
    fold = emptyFold(layout)
    // Requests under way show a log that this object no longer continues.
    version += 2
  }

  /// Takes over a log that this process wrote anew, in place of all that is known.
  func trim(to compacted: ContiguousArray<UInt8>, layout: FoldLayout) throws(StoreFailure) {
    let old = bytes.count
    trimmedAfter = lastRecord
    bytes = []
    length = 0
    lastStart = 0
    // Behind the seal all is as it was.
    let moved = confirmedEnd - (old - compacted.count)
    confirmedEnd = moved >= Self.sealEnd(compacted.rawBytes) ? moved : 0
    unreadFrom = 0
    fold = emptyFold(layout)
    try append(compacted.rawBytes, to: &bytes)
    version += 1
    shift = old - compacted.count
    firstMovable = compacted.count
  }

  /// Where the seal of a log that was written anew ends.
  private static func sealEnd(_ log: RawSpan) -> Int {
    var (end, offset) = (log.byteCount, 0)
    while let record = RecordView(log, at: offset) {
      offset = record.end
      if record.kind == RecordFormat.sealKind { end = offset }
    }
    return end
  }

  /// A fold of nothing of this log yet.
  func emptyFold(_ layout: FoldLayout) -> EntityFold { EntityFold(layout: layout, blindBefore: lostBefore) }

  /// Keeps in mind that records up to `time` are gone.
  func lose(before time: Int64) {
    lostBefore = max(lostBefore, time)
    fold.blindBefore = max(fold.blindBefore, time)
  }

  /// Where the same bytes as `record` stand in the log as a record, if they do.
  func find(_ record: RawSpan) -> Range<Int>? {
    var found: Range<Int>?
    var offset = 0
    while let next = RecordView(bytes.rawBytes, at: offset) {
      if bytes.rawBytes.equal(offset..<next.end, record) { found = offset..<next.end }
      offset = next.end
    }
    return found
  }

  /// The bytes of the last record, which prove that a log is the one known.
  var lastRecord: [UInt8] { Array(bytes[lastStart...]) }

  @inline(__always) private func add(_ more: RawSpan, to log: inout ContiguousArray<UInt8>) {
    let count = log.count + more.byteCount
    if count > log.capacity { log.reserveCapacity(max(count, log.count + log.count / 2)) }
    unsafe more.withUnsafeBytes { unsafe log.append(contentsOf: $0) }
    length = count
  }

  private func append(_ more: RawSpan, to log: inout ContiguousArray<UInt8>) throws(StoreFailure) {
    add(more, to: &log)
    while unreadFrom < log.count {
      guard let record = RecordView(log.rawBytes, at: unreadFrom) else {
        throw .foreignBytes
      }
      lastStart = unreadFrom
      unreadFrom = record.end
    }
  }
}
