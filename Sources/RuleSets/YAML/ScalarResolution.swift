/// What a scalar means by the YAML 1.2 core schema: `012` is twelve; `1:30`, `no`, `yes` and `on` are strings.
package enum ResolvedScalar: Sendable, Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case string(String)
  /// Written as a number, but one that neither an `Int64` nor a finite `Double` holds: an error where it is used.
  case outOfRange
}

extension YAMLScalar {
  /// The value; quoted and block text is always a string.
  package var resolved: ResolvedScalar {
    guard style == .plain else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .double(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
    default: return Self.number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> ResolvedScalar? {
    let bytes = Array(text.utf8)
    if bytes.starts(with: "0o".utf8) { return integer(text.dropFirst(2), radix: 8) }
    if bytes.starts(with: "0x".utf8) { return integer(text.dropFirst(2), radix: 16) }
    switch NumberShape(bytes) {
    case .integer: return Int64(text).map { .int($0) } ?? .outOfRange
    case .float:
      guard let value = Double(NumberShape.spelledOut(bytes)), value.isFinite else { return .outOfRange }
      return .double(value)
    case .other: return nil
    }
  }

  private static func integer(_ digits: Substring, radix: Int) -> ResolvedScalar? {
    let isDigits = digits.utf8.allSatisfy { byte in
      let character = Character(Unicode.Scalar(byte))
      return character.isASCII && (character.hexDigitValue ?? radix) < radix
    }
    guard isDigits, !digits.isEmpty else { return nil }
    return Int64(digits, radix: radix).map { .int($0) } ?? .outOfRange
  }
}

/// Which of the core schema's decimal patterns a text matches.
private enum NumberShape {
  case integer, float, other

  /// Integer: `[-+]?[0-9]+`. Float: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
  init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    Self.skipSign(&rest)
    let whole = Self.skipDigits(&rest)
    if rest.isEmpty, whole > 0 {
      self = .integer
      return
    }
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = Self.skipDigits(&rest)
    }
    guard whole + fraction > 0 else {
      self = .other
      return
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      Self.skipSign(&rest)
      guard Self.skipDigits(&rest) > 0 else {
        self = .other
        return
      }
    }
    self = rest.isEmpty ? .float : .other
  }

  /// With a zero on each side of the point: `1.` and `.5` are floats in YAML but not everywhere.
  static func spelledOut(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isPoint = byte == UInt8(ascii: ".")
      if isPoint, index == 0 || !isDigit(bytes[index - 1]) { result.append(UInt8(ascii: "0")) }
      result.append(byte)
      if isPoint, index + 1 == bytes.count || !isDigit(bytes[index + 1]) { result.append(UInt8(ascii: "0")) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func skipSign(_ rest: inout ArraySlice<UInt8>) {
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  }

  private static func skipDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
    let digits = rest.prefix(while: isDigit).count
    rest.removeFirst(digits)
    return digits
  }
}
