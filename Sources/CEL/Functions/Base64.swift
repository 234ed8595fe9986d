/// Bytes as text: RFC 4648, section 4.
enum Base64 {
  static let functions: [ExtensionFunction] = [
    .function("base64.encode", .init(.bytes, gives: .string)) { arguments, budget throws(Fault) in
      guard case .bytes(let bytes) = arguments[0] else { throw arguments.mismatch }
      try budget.charge(Budget.allocationSteps + bytes.count >> 2)
      return TextEditing.text(encode(bytes)[...])
    },
    .function("base64.decode", .init(.string, gives: .bytes)) { arguments, budget throws(Fault) in
      let text = try TextEditing.bytes(try arguments.text(0), &budget)
      guard let bytes = decode(text) else { throw Fault(.invalidConversion, "the text is not base64") }
      return .bytes(bytes)
    },
  ]

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << ((3 - group.count) * 8)
      for place in 0..<4 {
        text.append(place <= group.count ? digits[bits >> ((3 - place) * 6) & 63] : padding)
      }
    }
    return text
  }

  /// Padding may be left out, but what is there must be right; nil for anything else.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    let significant = text[...(text.lastIndex { $0 != padding } ?? -1)]
    let paddingCount = text.count - significant.count
    guard significant.count % 4 != 1, paddingCount == 0 || (paddingCount <= 2 && text.count % 4 == 0) else {
      return nil
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(significant.count * 3 / 4)
    var bits = 0
    var bitCount = 0
    for byte in significant {
      guard let digit = value(of: byte) else { return nil }
      bits = (bits << 6 | digit) & 0xFFFF
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
      }
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> Int? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
