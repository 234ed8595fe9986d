/// Which node serves which slot, as one node of the cluster tells it.
struct SlotMap: Equatable {
  private static let nobody = UInt16.max

  /// The nodes that serve slots.
  private(set) var primaries: [RedisAddress] = []
  /// Their replicas.
  private(set) var replicas: [RedisAddress] = []
  private var owners = [UInt16](repeating: Self.nobody, count: KeySlot.count)

  /// A map in which nobody serves anything.
  init() {}

  /// The place in `primaries` of the node that serves `slot`; nil when nobody does.
  func owner(of slot: Int) -> Int? {
    guard owners.indices.contains(slot), owners[slot] != Self.nobody else { return nil }
    return Int(owners[slot])
  }

  /// Has `slot` served by `address` from now on; false where that node was not known as a primary.
  mutating func move(_ slot: Int, to address: RedisAddress) -> Bool {
    let known = primaries.firstIndex(of: address)
    guard owners.indices.contains(slot), primaries.count < Int(Self.nobody) else { return true }
    if known == nil { primaries.append(address) }
    owners[slot] = UInt16(known ?? primaries.count - 1)
    return known != nil
  }

  /// Reads the answer of `node` to `CLUSTER SLOTS`; nil when it is none, or names no owner of any slot.
  init?(_ replies: Replies, from node: RedisAddress) {
    let tape = replies.tape
    guard replies.kind(replies.first) == .array else { return nil }
    var indices: [RedisAddress: Int] = [:]
    var place = replies.first + 1
    for _ in 0..<replies.integer(replies.first) where place < tape.placeCount {
      let next = tape.next(after: place)
      guard replies.kind(place) == .array, replies.integer(place) >= 3 else { return nil }
      let (first, last) = (replies.integer(place + 1), replies.integer(place + 2))
      guard first >= 0, first <= last, last < KeySlot.count else { return nil }
      var member = place + 3
      if let primary = Self.address(replies, member, node), primaries.count < Int(Self.nobody) {
        let index = indices[primary] ?? primaries.count
        if index == primaries.count { primaries.append(primary) }
        indices[primary] = index
        for slot in Int(first)...Int(last) { owners[slot] = UInt16(index) }
      }
      member = tape.next(after: member)
      while member < next {
        if let replica = Self.address(replies, member, node), !replicas.contains(replica) {
          replicas.append(replica)
        }
        member = tape.next(after: member)
      }
      place = next
    }
    guard !primaries.isEmpty else { return nil }
  }

  /// A node of the answer: its host, or nothing for the one that answers, and its port.
  private static func address(_ replies: Replies, _ place: Int, _ node: RedisAddress) -> RedisAddress? {
    guard replies.kind(place) == .array, replies.integer(place) >= 2 else { return nil }
    let host = replies.kind(place + 1) == .bytes ? replies.text(place + 1) : ""
    return RedisAddress(named: host, port: Int(clamping: replies.integer(place + 2)), seenFrom: node)
  }
}
