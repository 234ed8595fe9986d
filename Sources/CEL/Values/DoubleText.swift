/// Doubles as text, and text as doubles, as the conversion functions see them.
enum DoubleText {
  /// The fewest digits that read back as the same number; as Go writes them with `%g`: `0.0001`, `1e-05`, `100000`, `1e+06`.
  static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
    let sign = number.sign == .minus ? "-" : ""
    if number == 0 { return sign + "0" }
    let (digits, point) = decimal(of: number.magnitude)
    let exponent = point - 1
    if exponent < -4 || exponent >= exponentMin { return sign + scientific(digits, exponent) }
    return sign + plain(digits, point)
  }

  /// The decimal exponent from which on it is written.
  private static let exponentMin = 6

  private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
    let fraction = digits.count > 1 ? "." + text(digits[1...]) : ""
    let width = exponent.magnitude < 10 ? "0" : ""
    return text(digits[..<1]) + fraction + "e" + (exponent < 0 ? "-" : "+") + width
      + String(exponent.magnitude)
  }

  /// As `text(of:)` but never with an exponent, and with whole names of what is no number: `%s` of `format`.
  static func plainText(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    let sign = number.sign == .minus ? "-" : ""
    if number.isInfinite { return sign + "Infinity" }
    if number == 0 { return sign + "0" }
    let (digits, point) = decimal(of: number.magnitude)
    return sign + plain(digits, point)
  }

  private static func plain(_ digits: [UInt8], _ point: Int) -> String {
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + text(digits[...]) }
    if point >= digits.count {
      return text(digits[...]) + String(repeating: "0", count: point - digits.count)
    }
    return text(digits[..<point]) + "." + text(digits[point...])
  }

  private static func text(_ digits: ArraySlice<UInt8>) -> String { String(decoding: digits, as: UTF8.self) }

  /// The significant digits of a positive number, and how many of them stand before the point.
  private static func decimal(of number: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let bytes = Array(number.description.utf8)
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: bytes[(index + 1)...], as: UTF8.self)) ?? 0
        break
      }
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
    }
    var position = (point ?? digits.count) + exponent
    while digits.count > 1, digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      position -= 1
    }
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, position)
  }

  /// Reads a decimal number, `inf`, `infinity` or `nan`; nil for anything else and for numbers that overflow.
  static func number(in text: String) -> Double? {
    let bytes = Array(text.utf8)
    let unsigned =
      bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
    switch String(decoding: unsigned, as: UTF8.self).lowercased() {
    case "inf", "infinity": return bytes.first == UInt8(ascii: "-") ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    let allowed = unsigned.allSatisfy { byte in
      byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }
    guard allowed, let number = Double(text), number.isFinite else { return nil }
    return number
  }
}
