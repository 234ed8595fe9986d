/// What a shard holds for one key.
enum Resident {
  /// With its windows.
  case awake(MemoryEntity)
  /// Without.
  case resting(RestingEntity)
}

/// One entity in memory without its windows: the log alone, from which they are folded when it is visited.
///
/// An entity of a single record rests at once: keys that never come again, a transaction's say, are most of all
/// keys, and windows take several times the bytes of one record. Others rest when memory is short.
final class RestingEntity {
  /// The key, then the log.
  private let bytes: ContiguousArray<UInt8>
  private let keyCount: Int
  let hash: UInt64
  let blindBefore: Int64
  /// The greatest time of a record that is lost with this entity, or was lost by it before.
  let lostTime: Int64

  init(_ entity: borrowing MemoryEntity) {
    let log = entity.log
    let resting = entity.fold.atRest(log.rawBytes)
    var bytes = ContiguousArray<UInt8>()
    bytes.reserveCapacity(entity.key.count + resting.count)
    bytes.append(contentsOf: entity.key)
    bytes.append(contentsOf: resting)
    self.bytes = bytes
    keyCount = entity.key.count
    hash = entity.hash
    blindBefore = entity.fold.blindBefore
    lostTime = entity.lostTime
  }

  /// Bytes by our own count: the same in every process.
  var byteCount: Int { 128 + bytes.count }

  var key: ContiguousArray<UInt8>.SubSequence { bytes[..<keyCount] }

  /// Whether this is the entity of the key at `range` of `other`.
  func hasKey(_ range: Range<Int>, of other: RawSpan) -> Bool {
    let bytes = bytes
    return other.equal(range, bytes.rawBytes.extracting(0..<keyCount))
  }

  /// The entity with its windows, under whatever plan.
  func woken(_ layout: FoldLayout, scratch: inout FoldScratch) throws(StoreFailure) -> MemoryEntity {
    var log = ContiguousArray(bytes[keyCount...])
    let fold = try EntityFold(waking: &log, blindBefore: blindBefore, layout: layout, scratch: &scratch)
    return MemoryEntity(key: ContiguousArray(key), hash: hash, log: log, fold: fold)
  }
}
