/// Replies as they were read, one after another, without an object for each: a flat list of places in one block of
/// bytes. Arrays stand before their elements.
///
/// A tape belongs to whoever reads replies and is used again: what it shows is valid during the callback only.
package final class ReplyTape {
  /// What a reply is.
  package enum Kind: UInt8, Sendable {
    case null
    case integer
    /// A line such as `OK`.
    case status
    /// A line such as `WRONGTYPE …`.
    case error
    /// A string of any bytes.
    case bytes
    /// `integer` tells how many elements follow.
    case array
  }

  /// One reply, or one element of an array.
  struct Place {
    var kind: Kind
    var integer: Int64
    var start: Int
    var count: Int
  }

  // None is reached again from within a change of itself: those checks are left out.
  /// The places of all replies, and room for more behind them.
  @safe @exclusivity(unchecked) private var places: [Place] = []
  /// How many places there are, elements of arrays included.
  @safe @exclusivity(unchecked) package private(set) var placeCount = 0
  /// The bytes of all replies, and room for more behind them.
  @safe @exclusivity(unchecked) fileprivate var room: [UInt8] = []
  /// Bytes held by now.
  @safe @exclusivity(unchecked) package private(set) var byteCount = 0

  /// An empty tape.
  package init() {}

  /// Forgets all replies, keeps the room up to a bound: one huge reply must not cost memory for ever.
  package func removeAll() {
    placeCount = 0
    if places.count > 4_096 { places = [] }
    byteCount = 0
    if room.count > 1 << 20 { room = [] }
  }

  /// Appends a reply without bytes: null, an integer, or the head of an array.
  package func append(_ kind: Kind, integer: Int64 = 0) {
    append(Place(kind: kind, integer: integer, start: byteCount, count: 0))
  }

  /// Appends a reply of bytes.
  package func append(_ kind: Kind, _ value: RawSpan) {
    let start = byteCount
    append(Place(kind: kind, integer: 0, start: start, count: value.byteCount))
    byteCount = start + value.byteCount
    if byteCount > room.count { grow() }
    unsafe room.withUnsafeMutableBytes { room in
      unsafe value.withUnsafeBytes { unsafe room[start...].copyBytes(from: $0) }
    }
  }

  @inline(__always) private func append(_ place: Place) {
    if placeCount < places.count { places[placeCount] = place } else { places.append(place) }
    placeCount += 1
  }

  @inline(never) private func grow() {
    room.append(contentsOf: repeatElement(0, count: max(byteCount, room.count * 2) - room.count))
  }

  /// What stands at `place`; null where nothing does.
  func place(_ index: Int) -> Place {
    guard index >= 0 && index < placeCount else {
      return Place(kind: .null, integer: 0, start: 0, count: 0)
    }
    return places[index]
  }

  /// The place after the reply at `place` and all its elements.
  package func next(after place: Int) -> Int {
    guard place < placeCount else { return place }
    if places[place].kind != .array { return place + 1 }
    var left = 1
    var index = place
    while left > 0 && index < placeCount {
      left -= 1
      if places[index].kind == .array { left += Int(clamping: places[index].integer) }
      index += 1
    }
    return index
  }
}

/// The replies to one `CommandBuffer`, in its order.
///
/// A server may answer with more or fewer elements than expected: a place that does not exist is null and empty.
package struct Replies {
  /// Where they stand; used again after the callback.
  package let tape: ReplyTape
  /// The place of the first.
  package let first: Int

  /// The replies that begin at the place `first` of `tape`.
  package init(tape: ReplyTape, first: Int) {
    self.tape = tape
    self.first = first
  }

  /// The place of the reply number `count`, from 0.
  package func place(ofReply count: Int) -> Int {
    var place = first
    for _ in 0..<max(count, 0) { place = tape.next(after: place) }
    return place
  }

  /// What the reply at `place` is. With no arrays among the replies, `first + n` is the place of the n-th.
  package func kind(_ place: Int) -> ReplyTape.Kind { tape.place(place).kind }

  /// The number of an integer, or the count of an array's elements.
  package func integer(_ place: Int) -> Int64 { tape.place(place).integer }

  /// How many bytes the reply at `place` has.
  package func byteCount(_ place: Int) -> Int { tape.place(place).count }

  /// Calls `body` with the bytes of the reply at `place`; valid within the call.
  package func withBytes<Result>(_ place: Int, _ body: (RawSpan) -> Result) -> Result {
    let entry = tape.place(place)
    let room = tape.room
    let all = unsafe room.span.bytes
    return body(all.extracting(entry.start..<entry.start + entry.count))
  }

  /// The bytes as text, mended where they are no UTF-8.
  package func text(_ place: Int) -> String {
    let entry = tape.place(place)
    return String(decoding: tape.room[entry.start..<entry.start + entry.count], as: UTF8.self)
  }
}
