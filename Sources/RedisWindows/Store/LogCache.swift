internal import Windows

/// The logs that this process knows, within a bound of bytes. What is dropped is read again when it is needed.
///
/// The hand of a clock goes round: a log that was not used since it last came by is dropped.
struct LogCache {
  private var logs: ContiguousArray<CachedLog?> = []
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

  /// Asks for the memory of what is most likely the log of an entity, ahead of looking for it.
  mutating func prefetch(_ entity: RawSpan) {
    let hash = Hashing.hash(entity, 0..<entity.byteCount, seed: Hashing.seed)
    let slot = index.first(hash: hash) { _ in true }
    if let slot, let log = logs[Int(slot)] { Windows.prefetch(log) }
  }

  /// The log of an entity; an empty one when it is not known.
  mutating func log(_ entity: RawSpan, layout: FoldLayout, keys: LogKeys) -> CachedLog {
    let hash = Hashing.hash(entity, 0..<entity.byteCount, seed: Hashing.seed)
    let found = index.first(hash: hash) { slot in
      logs[Int(slot)].map { keys.isLog($0.key, of: entity) } ?? false
    }
    if let found, let log = logs[Int(found)] {
      log.wasUsed = true
      return log
    }
    let log = CachedLog(key: keys.log(entity), hash: hash, layout: layout, trimAt: trimBytesMin)
    insert(log)
    return log
  }

  /// Counts what a log has grown to, and drops others when it is too much.
  mutating func settle(_ log: CachedLog) {
    guard log.slot >= 0 else { return }
    let bytes = log.byteCount
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
    } else {
      log.slot = logs.count
      logs.append(log)
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
