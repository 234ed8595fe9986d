internal import Windows

/// One entity's log as this process knows it, and the fold over it.
///
/// Offsets are those of the log in Redis. Every read begins at the last record known here, whose nonce tells it from
/// any other: a log that was trimmed, lost or lost and grown back does not continue it.
final class CachedLog {
  let key: [UInt8]
  let hash: UInt64
  private(set) var bytes = ContiguousArray<UInt8>()
  var fold: EntityFold
  /// Where the last whole record begins.
  private(set) var lastStart = 0
  /// Raised each time this process trims the log: offsets of requests sent before must be moved.
  private(set) var version = 0
  /// What the last trim took off all offsets, and the first offset, after it, that still counts.
  private var shift = 0
  private var firstMovable = 0
  /// When the expiry is to be renewed, in nanoseconds of the loop's clock.
  var renewAt = Int64.min
  /// When the key expires if nobody renews it.
  var expiresAt = Int64.max
  /// Records up to this time were found to be lost. Kept here because the record that says so is still on its way.
  private(set) var lostBefore = Int64.min
  /// The length at which trimming pays again.
  var trimAt: Int
  /// For the cache: its place, whether it was used since the hand last came by, and the bytes as last counted.
  var slot = -1
  var wasUsed = true
  var countedBytes = 0

  init(key: [UInt8], hash: UInt64, layout: FoldLayout, trimAt: Int) {
    self.key = key
    self.hash = hash
    self.trimAt = trimAt
    fold = EntityFold(layout: layout)
  }

  /// Bytes by our own count.
  var byteCount: Int { 224 + key.count + bytes.count + fold.byteCount }

  /// Where the next read begins.
  var readFrom: Int { lastStart }

  /// What became of a reply.
  enum Absorbed {
    /// It continues what was known; the event's own record is there.
    case own(Range<Int>)
    /// It does not: the log must be read as a whole.
    case mismatch
  }

  /// Takes over what a reply shows of the log from `from` on.
  ///
  /// - Parameters:
  ///   - version: this object's when the request was sent.
  ///   - end: the log's length after `record` was appended; nil when nothing was appended.
  func absorb(_ chunk: RawSpan, from: Int, version sent: Int, end: Int?, record: RawSpan)
    throws(StoreFailure) -> Absorbed
  {
    var chunk = chunk
    var from = from
    var end = end
    if sent != version {
      guard sent == version - 1 else { return .mismatch }
      from -= shift
      end = end.map { $0 - shift }
      let skipped = max(0, firstMovable - from)
      guard skipped <= chunk.byteCount else { return .mismatch }
      chunk = chunk.extracting(droppingFirst: skipped)
      from += skipped
    }
    guard from >= 0, from <= bytes.count else { return .mismatch }
    let known = min(bytes.count - from, chunk.byteCount)
    guard holds(chunk.extracting(first: known), at: from) else { return .mismatch }
    // A log that ends before what is known of it was cut, unless an older reply came late.
    let last = end ?? from + chunk.byteCount
    guard last <= from + chunk.byteCount, last >= record.byteCount else { return .mismatch }
    if end == nil && last < bytes.count { return .mismatch }
    if known < chunk.byteCount { try append(chunk.extracting(droppingFirst: known)) }
    let own = last - record.byteCount..<last
    guard holds(record, at: own.lowerBound) else { return .mismatch }
    return .own(own)
  }

  /// Forgets what is known and takes the whole log as a reply shows it.
  func replace(by whole: RawSpan, layout: FoldLayout) throws(StoreFailure) {
    reset(layout)
    try append(whole)
  }

  /// Forgets what is known: the next read begins at the front.
  func reset(_ layout: FoldLayout) {
    bytes = []
    lastStart = 0
    fold = emptyFold(layout)
    // Requests under way show a log that this object no longer continues.
    version += 2
  }

  /// Takes over a log that this process wrote anew, in place of all that is known.
  func trim(to compacted: ContiguousArray<UInt8>, layout: FoldLayout) throws(StoreFailure) {
    let old = bytes.count
    bytes = []
    lastStart = 0
    fold = emptyFold(layout)
    try append(compacted.rawBytes)
    version += 1
    shift = old - compacted.count
    firstMovable = compacted.count
  }

  /// A fold of nothing of this log yet.
  func emptyFold(_ layout: FoldLayout) -> EntityFold { EntityFold(layout: layout, blindBefore: lostBefore) }

  /// Keeps in mind that records up to `time` are gone.
  func lose(before time: Int64) {
    lostBefore = max(lostBefore, time)
    fold.blindBefore = max(fold.blindBefore, time)
  }

  /// The record with `nonce` and the id of `record`, if it is in the log.
  func find(_ record: RawSpan) -> Range<Int>? {
    var found: Range<Int>?
    var offset = 0
    while let next = RecordView(bytes.rawBytes, at: offset) {
      if bytes.rawBytes.equal(offset..<next.end, record) { found = offset..<next.end }
      offset = next.end
    }
    return found
  }

  private func holds(_ part: RawSpan, at offset: Int) -> Bool {
    let bytes = bytes
    return bytes.rawBytes.equal(offset..<offset + part.byteCount, part)
  }

  /// The bytes of the last record, which prove that a log is the one known.
  var lastRecord: [UInt8] { Array(bytes[lastStart...]) }

  private func append(_ more: RawSpan) throws(StoreFailure) {
    let count = bytes.count + more.byteCount
    if count > bytes.capacity { bytes.reserveCapacity(max(count, bytes.count + bytes.count / 4)) }
    unsafe more.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    var offset = lastStart
    while offset < bytes.count {
      guard let record = RecordView(bytes.rawBytes, at: offset) else {
        throw StoreFailure(
          code: .damaged, message: "the log of an entity holds bytes that are no records")
      }
      lastStart = offset
      offset = record.end
    }
  }
}
