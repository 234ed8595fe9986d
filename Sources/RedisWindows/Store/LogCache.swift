internal import Windows

/// The logs that this process knows, within a bound of bytes. What is dropped is read again when it is needed.
///
/// The hand of a clock goes round: a log that was not used since it last came by is dropped.
struct LogCache {
  private var logs: ContiguousArray<CachedLog?> = []
  /// Where they are, to ask for their memory without a look at it.
  private var places: ContiguousArray<Place> = []
  private var vacant: ContiguousArray<Int> = []
  private var index = IdentityIndex()
  private var hand = 0
  private(set) var byteCount = 0
  private let bytesMax: Int
  private let trimBytesMin: Int

  init(_ settings: StoreSettings) {
    bytesMax = settings.cacheBytesMax
    trimBytesMin = settings.trimBytesMin
  }

  var count: Int { index.count }

  /// Where the log of an entity most likely is.
  struct Hint {
    fileprivate let hash: UInt64
    /// Less than 0 where there is none.
    fileprivate let slot: Int
  }

  /// Where a log and its key are.
  private struct Place {
    private let log: MemoryAddress
    private let key: MemoryAddress

    init(_ log: CachedLog) {
      self.log = MemoryAddress(of: log)
      key = unsafe log.key.withUnsafeBytes { unsafe MemoryAddress(ofElements: $0) }
    }

    @inline(__always) func prefetch() {
      log.prefetch(lines: 2)
      key.prefetch(lines: 2)
    }
  }

  /// Looks for the log of an entity, and asks for its memory; that it is the one is to be seen later.
  mutating func seek(_ entity: RawSpan) -> Hint {
    let hash = Hashing.hash(entity, 0..<entity.byteCount, seed: Hashing.seed)
    guard let slot = index.first(hash: hash, where: { _ in true }) else { return Hint(hash: hash, slot: -1) }
    places[Int(slot)].prefetch()
    return Hint(hash: hash, slot: Int(slot))
  }

  /// The log of an entity, which `seek` was asked for; an empty one when it is not known.
  mutating func log(_ entity: RawSpan, _ hint: Hint, layout: FoldLayout, keys: LogKeys) -> CachedLog {
    if hint.slot >= 0, let log = logs[hint.slot], log.isOf(entity, keys) {
      log.wasUsed = true
      return log
    }
    let found = index.first(hash: hint.hash) { slot in
      logs[Int(slot)].map { $0.isOf(entity, keys) } ?? false
    }
    if let found, let log = logs[Int(found)] {
      log.wasUsed = true
      return log
    }
    let log = CachedLog(key: keys.log(entity), hash: hint.hash, layout: layout, trimAt: trimBytesMin)
    insert(log)
    return log
  }

  /// Counts what a log has grown to since it was last counted, and drops others when it is too much. Growth by less
  /// than an eighth waits to be counted: going through all parts of a fold each time costs as much as a window.
  mutating func settle(_ log: CachedLog) {
    guard log.slot >= 0, log.isToBeCounted else { return }
    let bytes = log.count()
    byteCount += bytes - log.countedBytes
    log.countedBytes = bytes
    while byteCount > bytesMax && index.count > 1 { drop(besides: log) }
  }

  /// Forgets one log.
  mutating func remove(_ log: CachedLog) {
    guard log.slot >= 0 else { return }
    index.remove(hash: log.hash, position: UInt32(log.slot))
    byteCount -= log.countedBytes
    logs[log.slot] = nil
    vacant.append(log.slot)
    log.slot = -1
  }

  private mutating func insert(_ log: CachedLog) {
    if let slot = vacant.popLast() {
      log.slot = slot
      logs[slot] = log
      places[slot] = Place(log)
    } else {
      log.slot = logs.count
      logs.append(log)
      places.append(Place(log))
    }
    index.insert(hash: log.hash, position: UInt32(log.slot))
    settle(log)
  }

  private mutating func drop(besides kept: CachedLog) {
    while true {
      hand = hand + 1 < logs.count ? hand + 1 : 0
      guard let log = logs[hand], log !== kept else { continue }
      if !log.wasUsed { return remove(log) }
      log.wasUsed = false
    }
  }
}
