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

  /// length 4, id length 2, decided 1, spare 1, time 8, digest 16, then the id and the decision.
  private static let headerBytes = 32
  private static let offsetBits = 18
  /// How far one event may move the clock, in milliseconds: an hour, which after a pause catches up with a day
  /// within 24 events, while a stray date of the far future, which a replay does not refuse, forgets nothing.
  private static let advanceMillisecondsMax: Int64 = 3_600_000

  private var index = IdentityIndex()
  private var chunks: ContiguousArray<Chunk> = []
  private var vacant: [Int] = []
  /// Slots of `chunks`, oldest first.
  private var order: [Int] = []
  /// What ids expire by: follows the events' times, but no single event can push it far.
  private var clock = Int64.min
  private let chunkBytes: Int
  private var used = 0
  private(set) var forgotten = 0
  /// The greatest event time among the ids that were dropped before their time.
  private(set) var forgottenTime = Int64.min

  init(chunkBytes: Int) { self.chunkBytes = min(max(chunkBytes, 1_024), 1 << Self.offsetBits) }

  var count: Int { index.count }
  var byteCount: Int { used + index.byteCount + chunks.count * 64 }
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
    add(arena, id, hash: hash, digest: digest, time: time, decision: nil)
    return .first
  }

  /// What is known of the id at `id` in `arena`.
  func known(_ arena: RawSpan, id: Range<Int>, hash: UInt64, digest: EventDigest) -> Prior {
    guard let location = find(arena, id, hash: hash) else { return .first }
    let bytes = chunks[Int(location) >> Self.offsetBits].bytes
    let chunk = bytes.rawBytes
    let offset = Int(location) & (1 << Self.offsetBits - 1)
    guard chunk.number(at: offset + 16, as: UInt64.self) == digest.high,
      chunk.number(at: offset + 24, as: UInt64.self) == digest.low
    else { return .conflict }
    guard chunk.byte(at: offset + 6) == 1 else { return .attempted }
    let end = offset + Int(chunk.number(at: offset, as: UInt32.self))
    let start = offset + Self.headerBytes + id.count
    var decision: [UInt8] = []
    unsafe chunk.extracting(start..<end).withUnsafeBytes { unsafe decision.append(contentsOf: $0) }
    return .decided(decision)
  }

  /// Stores the decision for an id that was claimed; one too long for a chunk is left out.
  mutating func remember(
    _ arena: RawSpan, id: Range<Int>, hash: UInt64, digest: EventDigest, time: Int64, decision: [UInt8]
  ) {
    guard let location = find(arena, id, hash: hash),
      Self.headerBytes + id.count + decision.count <= chunkBytes
    else { return }
    let slot = Int(location) >> Self.offsetBits
    let offset = Int(location) & (1 << Self.offsetBits - 1)
    guard let length = attemptedLength(slot, offset, digest) else { return }
    let isLastEntry = order.last == slot && offset + length == chunks[slot].bytes.count
    if isLastEntry && chunks[slot].bytes.count + decision.count <= chunkBytes {
      chunks[slot].bytes.append(contentsOf: decision)
      let newLength = UInt32(length + decision.count).littleEndian
      unsafe chunks[slot].bytes.withUnsafeMutableBytes {
        unsafe $0.storeBytes(of: newLength, toByteOffset: offset, as: UInt32.self)
        unsafe $0.storeBytes(of: 1, toByteOffset: offset + 6, as: UInt8.self)
      }
      used += decision.count
    } else {
      index.remove(hash: hash, position: location)
      add(arena, id, hash: hash, digest: digest, time: time, decision: decision)
    }
  }

  /// The length of the entry at `offset` if it is of that content and not decided yet.
  private func attemptedLength(_ slot: Int, _ offset: Int, _ digest: EventDigest) -> Int? {
    let bytes = chunks[slot].bytes
    let chunk = bytes.rawBytes
    guard chunk.number(at: offset + 16, as: UInt64.self) == digest.high,
      chunk.number(at: offset + 24, as: UInt64.self) == digest.low, chunk.byte(at: offset + 6) == 0
    else { return nil }
    return Int(chunk.number(at: offset, as: UInt32.self))
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
      let start = offset + Self.headerBytes
      let id = start..<start + Int(bytes.number(at: offset + 4, as: UInt16.self))
      let hash = Hashing.hash(bytes, id, seed: Hashing.seed)
      index.remove(hash: hash, position: UInt32(slot << Self.offsetBits | offset))
      newest = max(newest, bytes.number(at: offset + 8, as: Int64.self))
      offset += Int(bytes.number(at: offset, as: UInt32.self))
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
      let start = offset + Self.headerBytes
      let length = Int(chunk.number(at: offset + 4, as: UInt16.self))
      return length == id.count && arena.equal(id, chunk.extracting(start..<start + length))
    }
  }

  private mutating func add(
    _ arena: RawSpan, _ id: Range<Int>, hash: UInt64, digest: EventDigest, time: Int64, decision: [UInt8]?
  ) {
    let length = Self.headerBytes + id.count + (decision?.count ?? 0)
    let slot = chunkWithRoom(length)
    let offset = chunks[slot].bytes.count
    chunks[slot].clock = clock
    let lengths = UInt64(length) | UInt64(id.count) << 32 | (decision == nil ? 0 : 1 << 48)
    let header = (
      lengths.littleEndian, UInt64(bitPattern: time).littleEndian, digest.high.littleEndian,
      digest.low.littleEndian
    )
    unsafe withUnsafeBytes(of: header) { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    unsafe arena.extracting(id).withUnsafeBytes { unsafe chunks[slot].bytes.append(contentsOf: $0) }
    if let decision { chunks[slot].bytes.append(contentsOf: decision) }
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
