/// Up to when records of each kind of entity were lost with entities that were evicted: an entity that is new may have
/// had records until then. One kind's loss says nothing of another's.
struct LossTimes {
  private var kinds: ContiguousArray<(name: ContiguousArray<UInt8>, time: Int64)> = []

  /// The time for the kind whose keys begin with `prefix`; nothing was lost where it is the least.
  func time(_ prefix: ContiguousArray<UInt8>) -> Int64 {
    for kind in kinds where kind.name == prefix { return kind.time }
    return .min
  }

  /// An entity with this key, which had records up to `time`, is gone.
  mutating func note(_ key: some Collection<UInt8>, _ time: Int64) {
    for index in kinds.indices where key.starts(with: kinds[index].name) {
      kinds[index].time = max(kinds[index].time, time)
      return
    }
    var name = ContiguousArray<UInt8>()
    for byte in key {
      name.append(byte)
      if byte == 0 { break }
    }
    kinds.append((name, time))
  }
}
