/// Appends JSON to a byte buffer: the few forms that decisions need, without an intermediate tree.
extension [UInt8] {
  package mutating func append(json literal: StaticString) {
    unsafe append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// A JSON string: quotes and backslashes escaped, and what a terminal would act on, everything else as it is.
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
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append(json: "\\\"")
      case "\\": append(json: "\\\\")
      case "\n": append(json: "\\n")
      case "\r": append(json: "\\r")
      case "\t": append(json: "\\t")
      case _ where VisibleLine.isHidden(scalar): append(escaped: UInt16(truncatingIfNeeded: scalar.value))
      default: append(contentsOf: scalar.utf8)
      }
    }
  }

  /// `\u202e`; what is hidden has no more than four digits.
  private mutating func append(escaped unit: UInt16) {
    append(json: "\\u")
    for shift in [12, 8, 4, 0] { append(Self.hexDigit(UInt8(truncatingIfNeeded: unit >> shift & 15))) }
  }

  private static func isPlain(_ text: Span<UInt8>) -> Bool {
    for index in text.indices {
      let byte = text[index]
      if byte == 0x22 || byte == 0x5C || VisibleLine.mayBeginHidden(byte) { return false }
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
