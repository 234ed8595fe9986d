/// Remembered decisions without the ids of their events: nearly all events are decided in one of a few hundred ways, so
/// that each way is kept once, with the place where an event's id stood in it.
///
/// What a decision says is for the store's callers to know; here it is bytes, and an id is cut out where it stands first.
struct DecisionPool {
  private struct Body {
    /// The decision without its event's id.
    let bytes: ContiguousArray<UInt8>
    /// Where the id stood; nil where the decision does not hold it.
    let cut: Int?
    let hash: UInt64
    /// How many ids were decided so.
    var references = 1
  }

  private var bodies: ContiguousArray<Body?> = []
  private var vacant: ContiguousArray<UInt32> = []
  private var index = IdentityIndex()
  private var used = 0

  /// What a body takes beside its bytes: its place, and its array's header.
  private static let bodyBytes = MemoryLayout<Body?>.stride + 32

  /// By our own count: the same in every process.
  var byteCount: Int { used + index.byteCount + vacant.count * 4 }

  /// The number of a decision on the event whose id stands at `id` of `arena`; to be released once.
  mutating func acquire(_ decision: [UInt8], _ arena: RawSpan, id: Range<Int>) -> UInt32 {
    let whole = decision.rawBytes
    let cut = Self.find(arena.extracting(id), in: whole)
    let head = 0..<(cut ?? decision.count)
    let tail = head.upperBound + (cut == nil ? 0 : id.count)..<decision.count
    let hash = Hashing.hash(whole, tail, seed: Hashing.hash(whole, head, seed: Hashing.seed))
    let known = index.first(hash: hash) { number in
      guard let body = bodies[Int(number)], body.cut == cut, body.bytes.count == head.count + tail.count else {
        return false
      }
      let bytes = body.bytes
      return whole.equal(head, bytes.rawBytes.extracting(head))
        && whole.equal(tail, bytes.rawBytes.extracting(head.count..<bytes.count))
    }
    if let known {
      bodies[Int(known)]?.references += 1
      return known
    }
    var bytes = ContiguousArray<UInt8>()
    bytes.reserveCapacity(head.count + tail.count)
    bytes.append(contentsOf: decision[head])
    bytes.append(contentsOf: decision[tail])
    used += Self.bodyBytes + bytes.count
    let number = place(Body(bytes: bytes, cut: cut, hash: hash))
    index.insert(hash: hash, position: number)
    return number
  }

  /// The decision with this number, on the event whose id stands at `id` of `arena`.
  func decision(_ number: UInt32, _ arena: RawSpan, id: Range<Int>) -> [UInt8]? {
    guard let body = bodies[Int(number)] else { return nil }
    guard let cut = body.cut else { return Array(body.bytes) }
    var decision: [UInt8] = []
    decision.reserveCapacity(body.bytes.count + id.count)
    decision.append(contentsOf: body.bytes[..<cut])
    unsafe arena.extracting(id).withUnsafeBytes { unsafe decision.append(contentsOf: $0) }
    decision.append(contentsOf: body.bytes[cut...])
    return decision
  }

  /// One id that was decided so is gone.
  mutating func release(_ number: UInt32) {
    guard let body = bodies[Int(number)] else { return }
    guard body.references == 1 else {
      bodies[Int(number)]?.references -= 1
      return
    }
    used -= Self.bodyBytes + body.bytes.count
    index.remove(hash: body.hash, position: number)
    bodies[Int(number)] = nil
    vacant.append(number)
  }

  private mutating func place(_ body: Body) -> UInt32 {
    if let number = vacant.popLast() {
      bodies[Int(number)] = body
      return number
    }
    bodies.append(body)
    return UInt32(bodies.count - 1)
  }

  private static func find(_ id: RawSpan, in decision: RawSpan) -> Int? {
    guard !id.isEmpty, id.byteCount <= decision.byteCount else { return nil }
    let first = id.byte(at: 0)
    for start in 0...decision.byteCount - id.byteCount where decision.byte(at: start) == first {
      if decision.equal(start..<start + id.byteCount, id) { return start }
    }
    return nil
  }
}
