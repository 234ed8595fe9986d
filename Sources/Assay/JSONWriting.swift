/// Appends JSON to a byte buffer: the few forms that decisions need, without an intermediate tree.
extension [UInt8] {
  package mutating func append(json literal: StaticString) {
    unsafe append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// A JSON string: quotes, backslashes and control characters escaped, everything else as it is.
  package mutating func append(jsonString text: String) {
    append(UInt8(ascii: "\""))
    defer { append(UInt8(ascii: "\"")) }
    // Nearly all text needs no escape: one scan and one copy then.
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      guard Self.isPlain(bytes.span) else { return false }
      unsafe append(contentsOf: bytes)
      return true
    }
    if isPlain == true { return }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case 0x0A: append(json: "\\n")
      case 0x0D: append(json: "\\r")
      case 0x09: append(json: "\\t")
      case 0..<0x20, 0x7F:
        append(json: "\\u00")
        append(Self.hexDigit(byte >> 4))
        append(Self.hexDigit(byte & 15))
      default: append(byte)
      }
    }
  }

  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F { return false }
    }
    return true
  }

  /// A JSON integer.
  package mutating func append(jsonInteger value: Int64) {
    if value >= 0 && value < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
    if value < 0 { append(UInt8(ascii: "-")) }
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var start = digits.count
    var rest = value.magnitude
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    for place in start..<digits.count { append(digits[place]) }
  }

  /// The shortest JSON number that reads back as `value`; JSON has no infinities and no NaN: null.
  package mutating func append(jsonDouble value: Double) {
    guard value.isFinite else { return append(json: "null") }
    if let exact = Int64(exactly: value), exact.magnitude < 1 << 53, value != 0 || value.sign == .plus {
      append(jsonInteger: exact)
      return append(json: ".0")
    }
    append(contentsOf: value.description.utf8)
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
