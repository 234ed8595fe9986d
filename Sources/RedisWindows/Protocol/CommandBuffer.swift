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
    bytes.append(UInt8(ascii: "*"))
    line(count)
  }

  /// Appends a word of the protocol.
  package mutating func argument(_ word: StaticString) {
    header(word.utf8CodeUnitCount)
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    end()
  }

  /// Appends a number in decimal digits.
  package mutating func argument(_ number: Int) {
    header(Self.digitCount(number))
    digits(number)
    end()
  }

  /// Appends bytes as they are.
  package mutating func argument(_ value: RawSpan) {
    header(value.byteCount)
    unsafe value.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    end()
  }

  /// Appends text; for commands off the hot path.
  package mutating func argument(text: String) {
    let bytes = Array(text.utf8)
    unsafe argument(bytes.span.bytes)
  }

  /// Appends bytes in two parts as one argument.
  package mutating func argument(_ first: RawSpan, _ second: RawSpan) {
    header(first.byteCount + second.byteCount)
    unsafe first.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    unsafe second.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    end()
  }

  /// Appends a key; the first one is what a cluster routes by.
  package mutating func key(_ value: RawSpan) {
    argument(value)
    if key.isEmpty { key = bytes.count - 2 - value.byteCount..<bytes.count - 2 }
  }

  private mutating func header(_ count: Int) {
    bytes.append(UInt8(ascii: "$"))
    line(count)
  }

  private mutating func line(_ number: Int) {
    digits(number)
    end()
  }

  private mutating func end() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Nearly all numbers are lengths of one or two digits.
  private mutating func digits(_ number: Int) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let rest = number.magnitude
    if rest < 100 {
      if rest >= 10 { bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10)) }
      return bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
    }
    var place: UInt = 100
    while rest / place >= 10 { place *= 10 }
    while place > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / place % 10))
      place /= 10
    }
  }

  private static func digitCount(_ number: Int) -> Int {
    var count = number < 0 ? 2 : 1
    var rest = number.magnitude / 10
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }
}
