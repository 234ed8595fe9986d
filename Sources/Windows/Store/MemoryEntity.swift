/// One entity in memory: its log, and the fold over it.
///
/// Its shard's lock keeps accesses apart, so they are not checked again one by one.
final class MemoryEntity {
  let key: ContiguousArray<UInt8>
  let hash: UInt64
  @safe @exclusivity(unchecked) var log: ContiguousArray<UInt8>
  @safe @exclusivity(unchecked) var fold: EntityFold
  /// The log's length at which looking for dead records pays again.
  @safe @exclusivity(unchecked) private var trimAt: Int
  /// Shorter logs are not worth looking through.
  private static let logBytesMin = 512

  /// A new entity, with nothing in its log.
  convenience init(key: RawSpan, hash: UInt64, fold: consuming EntityFold) {
    var copy = ContiguousArray<UInt8>()
    unsafe key.withUnsafeBytes { unsafe copy.append(contentsOf: $0) }
    self.init(key: copy, hash: hash, log: [], fold: fold)
  }

  /// An entity whose log is folded.
  init(key: ContiguousArray<UInt8>, hash: UInt64, log: ContiguousArray<UInt8>, fold: consuming EntityFold) {
    self.key = key
    self.hash = hash
    self.log = log
    self.fold = fold
    trimAt = max(Self.logBytesMin, log.count + log.count / 2)
  }

  /// Whether the log has one record and no more.
  var holdsOneRecord: Bool {
    let log = log
    return RecordView(log.rawBytes, at: 0)?.end == log.count
  }

  /// The greatest time of a record that is lost with the entity. What it had lost before counts too: its newest record
  /// may be among that.
  var lostTime: Int64 { max(fold.newestTime, fold.blindBefore, fold.trimmedTime) }

  /// Asks for the memory that a visit needs next.
  @inline(__always) func prefetch() {
    log.prefetchStart()
    fold.prefetchGroups()
  }

  /// Bytes by our own count: the same in every process.
  var byteCount: Int { 160 + key.count + log.count + fold.byteCount }

  /// Appends `record` to the log; returns where it is. Logs grow by a quarter, not twofold: most of a store's memory
  /// is theirs. Short ones grow by a few records at a time.
  func append(_ record: RawSpan) -> Range<Int> {
    let start = log.count
    let end = start + record.byteCount
    if end > log.capacity { log.reserveCapacity(max(end, start + max(start / 4, 128))) }
    unsafe record.withUnsafeBytes { unsafe log.append(contentsOf: $0) }
    return start..<log.count
  }

  /// Folds the whole log anew, under another plan.
  func rebuild(_ layout: FoldLayout, scratch: inout FoldScratch) throws(StoreFailure) {
    var fresh = EntityFold(
      layout: layout, blindBefore: fold.blindBefore, trimmedTime: fold.trimmedTime,
      pushedOutTime: fold.pushedOutTime)
    let bytes = log
    try fresh.catchUp(bytes.rawBytes, to: bytes.count, layout: layout, scratch: &scratch)
    fold = fresh
    trimAt = 0
  }

  /// Whether the log has grown so much that looking for dead records pays.
  var isGrown: Bool { log.count >= trimAt }

  /// Shortens the log when enough of it is dead, and keeps logical positions within 32 bits.
  func trim(_ layout: FoldLayout, scratch: inout FoldScratch) throws(StoreFailure) {
    switch try findDead(layout, scratch: &scratch) {
    case .nothing: break
    case .front(let count):
      log.removeSubrange(0..<count)
      if fold.base + log.count > Int(Int32.max) { try rewrite(from: 0, layout, scratch: &scratch) }
    case .rewrite: try rewrite(from: 0, layout, scratch: &scratch)
    }
    trimAt = max(Self.logBytesMin, log.count + log.count / 2)
  }

  /// Gives up the older half of the log until the entity is within `bytes`: windows that reach there are unknown.
  func shorten(to bytes: Int, _ layout: FoldLayout, scratch: inout FoldScratch) throws(StoreFailure) {
    while byteCount > bytes && log.count > Self.logBytesMin {
      try rewrite(from: log.count / 2, layout, scratch: &scratch)
    }
    trimAt = max(Self.logBytesMin, log.count + log.count / 2)
  }

  private func rewrite(from cut: Int, _ layout: FoldLayout, scratch: inout FoldScratch) throws(StoreFailure) {
    let bytes = log
    log = try fold.rewrite(bytes.rawBytes, from: cut, layout: layout, scratch: &scratch)
  }

  private func findDead(
    _ layout: FoldLayout, scratch: inout FoldScratch
  ) throws(StoreFailure) -> EntityFold.Trim {
    let bytes = log
    return try fold.trim(bytes.rawBytes, layout: layout, scratch: &scratch)
  }
}
