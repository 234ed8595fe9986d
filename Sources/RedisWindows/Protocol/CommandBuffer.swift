/// Commands for keys of one slot as they go over the wire, back to back.
///
/// Kept and used again by whoever fills it: `removeAll` leaves the room.
package struct CommandBuffer: Sendable {
  /// The commands, and room for more behind them: each is written in its place, at the price of one check of the room.
  private var room: [UInt8] = []
  /// How many bytes the commands have.
  package private(set) var byteCount = 0
  /// How many commands they are: as many replies come.
  package private(set) var count = 0
  /// Where the first key is in `bytes`; what a cluster routes by. Empty while no command named a key.
  package private(set) var key = 0..<0

  /// No commands.
  package init() {}

  /// The commands in RESP; a copy.
  package var bytes: [UInt8] { Array(room[..<byteCount]) }

  /// The same where they stand.
  package var rawBytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe room.span.bytes.extracting(first: byteCount) }
  }

  /// The first key; empty where there is none.
  var routingKey: ArraySlice<UInt8> { room[key] }

  /// Forgets the commands, keeps the room.
  package mutating func removeAll() {
    byteCount = 0
    count = 0
    key = 0..<0
  }

  /// Begins a command of `count` arguments, its name included; exactly as many must follow.
  package mutating func begin(_ count: Int) {
    self.count += 1
    write(0) { $0.begin(count) }
  }

  /// Appends a word of the protocol.
  package mutating func argument(_ word: StaticString) {
    write(word.utf8CodeUnitCount) { $0.argument(word) }
  }

  /// Appends a number in decimal digits.
  package mutating func argument(_ number: Int) {
    write(0) { $0.argument(number) }
  }

  /// Appends bytes as they are.
  package mutating func argument(_ value: RawSpan) {
    write(value.byteCount) { $0.argument(value) }
  }

  /// Appends text; for commands off the hot path.
  package mutating func argument(text: String) {
    let bytes = Array(text.utf8)
    unsafe argument(bytes.span.bytes)
  }

  /// Appends bytes in two parts as one argument.
  package mutating func argument(_ first: RawSpan, _ second: RawSpan) {
    write(first.byteCount + second.byteCount) { $0.argument(first, second) }
  }

  /// Appends a key; the first one is what a cluster routes by.
  package mutating func key(_ value: RawSpan) {
    argument(value)
    if key.isEmpty { key = byteCount - 2 - value.byteCount..<byteCount - 2 }
  }

  /// Appends a whole command whose name and count of arguments are `head`, as they go over the wire, and whose first
  /// argument is a key; `rest` appends the others, which have at most `most` bytes.
  @inline(__always) mutating func command(
    _ head: StaticString, key: RawSpan, _ most: Int = 0, _ rest: (inout CommandWriter) -> Void
  ) {
    count += 1
    let keyStart = write(head.utf8CodeUnitCount + key.byteCount + most) { writer in
      writer.protocolText(head)
      writer.argument(key)
      let keyEnd = writer.end - 2
      rest(&writer)
      return keyEnd - key.byteCount
    }
    if self.key.isEmpty { self.key = keyStart..<keyStart + key.byteCount }
  }

  /// The same where the key comes in two parts.
  @inline(__always) mutating func command(
    _ head: StaticString, key prefix: RawSpan, _ name: RawSpan, _ most: Int = 0,
    _ rest: (inout CommandWriter) -> Void
  ) {
    count += 1
    let byteCount = prefix.byteCount + name.byteCount
    let keyStart = write(head.utf8CodeUnitCount + byteCount + most) { writer in
      writer.protocolText(head)
      writer.argument(prefix, name)
      let keyEnd = writer.end - 2
      rest(&writer)
      return keyEnd - byteCount
    }
    if key.isEmpty { key = keyStart..<keyStart + byteCount }
  }

  /// Writes behind what is there: at most so many bytes beside what frames them.
  @inline(__always) private mutating func write<Result>(
    _ most: Int, _ body: (inout CommandWriter) -> Result
  ) -> Result {
    let start = byteCount
    let wanted = start + most + CommandWriter.framingBytesMax
    if wanted > room.count { grow(wanted) }
    return unsafe room.withUnsafeMutableBytes { room in
      var writer = unsafe CommandWriter(room, from: start)
      let result = body(&writer)
      byteCount = writer.end
      return result
    }
  }

  @inline(never) private mutating func grow(_ wanted: Int) {
    room.append(contentsOf: repeatElement(0, count: max(wanted, room.count * 2) - room.count))
  }
}
