/// Commands for keys of one slot as they go over the wire, back to back.
///
/// Kept and used again by whoever fills it: `removeAll` leaves the capacity.
package struct CommandBuffer: Sendable {
  /// The commands in RESP.
  package private(set) var bytes: [UInt8] = []
  /// How many commands they are: as many replies come.
  package private(set) var count = 0
  /// Where the first key is in `bytes`; what a cluster routes by. Empty while no command named a key.
  package private(set) var key = 0..<0

  /// No commands.
  package init() {}

  /// Forgets the commands, keeps the room.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
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
    if key.isEmpty { key = bytes.count - 2 - value.byteCount..<bytes.count - 2 }
  }

  /// Appends a whole command whose name and count of arguments are `head`, as they go over the wire, and whose first
  /// argument is a key; `rest` appends the others, which have at most `byteCount` bytes. One step of growth for all.
  mutating func command(
    _ head: StaticString, key: RawSpan, _ byteCount: Int = 0, _ rest: (inout CommandWriter) -> Void
  ) {
    count += 1
    var keyEnd = 0
    let start = bytes.count
    write(head.utf8CodeUnitCount + key.byteCount + byteCount) { writer in
      writer.protocolText(head)
      writer.argument(key)
      keyEnd = start + writer.end - 2
      rest(&writer)
    }
    if self.key.isEmpty { self.key = keyEnd - key.byteCount..<keyEnd }
  }

  /// Formats on the stack, and appends it all at once.
  @inline(__always) private mutating func write(
    _ byteCount: Int, _ body: (inout CommandWriter) -> Void
  ) {
    unsafe withUnsafeTemporaryAllocation(
      byteCount: byteCount + CommandWriter.framingBytesMax, alignment: 1
    ) { room in
      var writer = unsafe CommandWriter(room)
      body(&writer)
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: room.baseAddress, count: writer.end))
    }
  }
}
