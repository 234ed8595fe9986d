internal import Events

/// The event ids of one shard with what their first delivery was and, once known, how it was decided.
///
/// Entries stand back to back in chunks of bytes, oldest chunk first, and go a chunk at a time.
struct IdentityMemory {
  private struct Chunk {
    var bytes: ContiguousArray<UInt8>
    /// The clock when its last entry was added.
    var clock = Int64.min
  }

  /// time 8, digest 16, number of the decision 4, id length 2, then the id.
  private static let headerBytes = 30
  private static let decisionOffset = 24
  /// In place of a decision's number: none is known.
  private static let undecided = UInt32.max
  private static let offsetBits = 18
  /// How far one event may move the clock, in milliseconds: an hour, which after a pause catches up with a day
  /// within 24 events, while a stray date of the far future, which a replay does not refuse, forgets nothing.
  private static let advanceMillisecondsMax: Int64 = 3_600_000

  private var index = IdentityIndex()
  private var decisions = DecisionPool()
  private var chunks: ContiguousArray<Chunk> = []
  private var vacant: [Int] = []
  /// Slots of `chunks`, oldest first.
  private var order: [Int] = []
  /// What ids expire by: follows the events' times, but no single event can push it far.
  private(set) var clock = Int64.min
  private let chunkBytes: Int
  private var used = 0
  private(set) var forgotten = 0
  /// The greatest event time among the ids that were dropped before their time.
  private(set) var forgottenTime = Int64.min

  init(chunkBytes: Int) { self.chunkBytes = min(max(chunkBytes, 1_024), 1 << Self.offsetBits) }

  var count: Int { index.count }
  var byteCount: Int { used + index.byteCount + decisions.byteCount + chunks.count * 64 }
  var canForget: Bool { !order.isEmpty }

  /// What is known of the id at `id` in `arena`; an id that is new is remembered as attempted.
  mutating func claim(
    _ arena: RawSpan, id: Range<Int>, hash: UInt64, digest: EventDigest, time: Int64, retention: Int64
  ) -> Prior {
    let prior = known(arena, id: id, hash: hash, digest: digest)
    guard prior == .first else { return prior }
    let isFirst = clock == .min
    clock = isFirst ? time : max(clock, min(time, clock.addingSaturated(Self.advanceMillisecondsMax)))
    expire(retention)
    add(arena, id, hash: hash, digest: digest, time: time)
    return .first
  }

  /// What is known of the id at `id` in `arena`.
  func known(_ arena: RawSpan, id: Range<Int>, hash: UInt64, digest: EventDigest) -> Prior {
    guard let location = find(arena, id, hash: hash) else { return .first }
    let bytes = chunks[Int(location) >> Self.offsetBits].bytes
    let entry = bytes.rawBytes.extracting(droppingFirst: Int(location) & (1 << Self.offsetBits - 1))
    guard Self.digest(entry) == digest else { return .conflict }
    let number = entry.number(at: Self.decisionOffset, as: UInt32.self)
    guard number != Self.undecided, let decision = decisions.decision(number, arena, id: id) else {
      return .attempted
    }
    return .decided(decision)
  }

  /// Stores the decision for an id that was claimed; one too long for a chunk is left out.
  mutating func remember(
    _ arena: RawSpan, id: Range<Int>, hash: UInt64, digest: EventDigest, decision: [UInt8]
  ) {
    guard let location = find(arena, id, hash: hash), decision.count <= chunkBytes else { return }
    let slot = Int(location) >> Self.offsetBits
    let offset = Int(location) & (1 << Self.offsetBits - 1)
    guard isUndecided(slot, offset, digest) else { return }
    let number = decisions.acquire(decision, arena, id: id)
    unsafe chunks[slot].bytes.withUnsafeMutableBytes {
      unsafe $0.storeBytes(
        of: number.littleEndian, toByteOffset: offset + Self.decisionOffset, as: UInt32.self)
    }
  }

  /// Whether the entry at `offset` is of that content and not decided yet.
  private func isUndecided(_ slot: Int, _ offset: Int, _ digest: EventDigest) -> Bool {
    let bytes = chunks[slot].bytes
    let entry = bytes.rawBytes.extracting(droppingFirst: offset)
    return Self.digest(entry) == digest
      && entry.number(at: Self.decisionOffset, as: UInt32.self) == Self.undecided
  }

  private static func digest(_ entry: RawSpan) -> EventDigest {
    EventDigest(high: entry.number(at: 8, as: UInt64.self), low: entry.number(at: 16, as: UInt64.self))
  }

  /// Drops the oldest chunk before its time, to save memory.
  mutating func forgetOldest() {
    let before = index.count
    forgottenTime = max(forgottenTime, dropOldest())
    forgotten += before - index.count
  }

  private mutating func expire(_ retention: Int64) {
    let cut = clock.subtractingSaturated(retention)
    while order.count > 1, chunks[order[0]].clock <= cut { dropOldest() }
  }

  /// Returns the greatest event time among those that go.
  @discardableResult private mutating func dropOldest() -> Int64 {
    var newest = Int64.min
    guard !order.isEmpty else { return newest }
    let slot = order.removeFirst()
    let chunk = chunks[slot].bytes
    let bytes = chunk.rawBytes
    var offset = 0
    while offset < chunk.count {
      let id = Self.id(bytes, offset)
      let hash = Hashing.hash(bytes, id, seed: Hashing.seed)
      index.remove(hash: hash, position: UInt32(slot << Self.offsetBits | offset))
      newest = max(newest, bytes.number(at: offset, as: Int64.self))
      let number = bytes.number(at: offset + Self.decisionOffset, as: UInt32.self)
      if number != Self.undecided { decisions.release(number) }
      offset = id.upperBound
    }
    used -= chunk.count
    chunks[slot] = Chunk(bytes: [])
    vacant.append(slot)
    return newest
  }

  private func find(_ arena: RawSpan, _ id: Range<Int>, hash: UInt64) -> UInt32? {
    index.first(hash: hash) { location in
      let bytes = chunks[Int(location) >> Self.offsetBits].bytes
      let chunk = bytes.rawBytes
      let offset = Int(location) & (1 << Self.offsetBits - 1)
      return arena.equal(id, chunk.extracting(Self.id(chunk, offset)))
    }
  }

  /// Where the id of the entry at `offset` stands.
  private static func id(_ chunk: RawSpan, _ offset: Int) -> Range<Int> {
    let start = offset + headerBytes
    return start..<start + Int(chunk.number(at: start - 2, as: UInt16.self))
  }

  private mutating func add(
    _ arena: RawSpan, _ id: Range<Int>, hash: UInt64, digest: EventDigest, time: Int64
  ) {
    let length = Self.headerBytes + id.count
    let slot = chunkWithRoom(length)
    let offset = chunks[slot].bytes.count
    chunks[slot].clock = clock
    let header = (UInt64(bitPattern: time).littleEndian, digest.high.littleEndian, digest.low.littleEndian)
    unsafe withUnsafeBytes(of: header) { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    unsafe withUnsafeBytes(of: Self.undecided) { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    let idLength = UInt16(truncatingIfNeeded: id.count).littleEndian
    unsafe withUnsafeBytes(of: idLength) { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    unsafe arena.extracting(id).withUnsafeBytes { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    used += length
    index.insert(hash: hash, position: UInt32(slot << Self.offsetBits | offset))
  }

  private mutating func chunkWithRoom(_ length: Int) -> Int {
    if let slot = order.last, chunks[slot].bytes.count + length <= chunkBytes { return slot }
    if vacant.isEmpty && chunks.count == 1 << (32 - Self.offsetBits) - 1 { forgetOldest() }
    var bytes = ContiguousArray<UInt8>()
    bytes.reserveCapacity(chunkBytes)
    let slot: Int
    if let free = vacant.popLast() {
      slot = free
      chunks[slot] = Chunk(bytes: bytes)
    } else {
      slot = chunks.count
      chunks.append(Chunk(bytes: bytes))
    }
    order.append(slot)
    return slot
  }
}
