internal import RuleSets

/// The next value below and above one that is written, in the unit in which it is written.
enum Notch {
  /// `41` and `39` of `40`, `0.06` and `0.04` of `0.05`; a double without a fraction moves by one. None of what is
  /// written otherwise, such as `1e3` and `0x1F`.
  static func numbers(_ text: String) -> (below: String, above: String)? {
    let isNegative = text.hasPrefix("-")
    let isUnsigned = text.hasSuffix("u")
    let digits = text.dropFirst(isNegative ? 1 : 0).dropLast(isUnsigned ? 1 : 0)
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let isDecimal = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
    guard isDecimal, parts.count <= 2, digits.count <= 17 else { return nil }
    var fraction = parts.count == 2 ? String(parts[1]) : ""
    while fraction.hasSuffix("0") { fraction.removeLast() }
    guard let magnitude = Int64(parts[0] + fraction) else { return nil }
    let units = isNegative ? -magnitude : magnitude
    if isUnsigned {
      return (units > 0 ? "\(units - 1)u" : "\(units + 1)u", "\(units + 1)u")
    }
    func spelled(_ units: Int64) -> String {
      guard parts.count == 2 else { return String(units) }
      var digits = String(units.magnitude)
      while digits.count <= fraction.count { digits = "0" + digits }
      let whole = digits.dropLast(fraction.count)
      let rest = digits.suffix(fraction.count)
      return (units < 0 ? "-" : "") + whole + "." + (rest.isEmpty ? "0" : rest)
    }
    return (spelled(units - 1), spelled(units + 1))
  }

  private static let units = ["w", "d", "h", "m", "s", "ms"]
  /// What one of a unit is in the next smaller one.
  private static let sizes = [7, 24, 60, 60, 1_000]

  /// `23h` and `25h` of `24h`; what ends in one of its unit moves by the next smaller unit: `59m` and `61m` of `1h`.
  static func spans(_ text: String) -> (below: String, above: String)? {
    let letters = String(text.reversed().prefix { $0.isLetter }.reversed())
    let rest = text.dropLast(letters.count)
    let digits = String(rest.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    guard let unit = units.firstIndex(of: letters), let count = Int(digits), count > 0, digits.count <= 12
    else { return nil }
    let start = String(rest.dropLast(digits.count))
    if count > 1 { return ("\(start)\(count - 1)\(letters)", "\(start)\(count + 1)\(letters)") }
    guard unit < sizes.count else { return nil }
    let (size, smaller) = (sizes[unit], units[unit + 1])
    guard start.isEmpty else { return ("\(start)\(size - 1)\(smaller)", "\(start)2\(letters)") }
    return ("\(size - 1)\(smaller)", "\(size + 1)\(smaller)")
  }

  /// A text between two spans, for a record that one of them reaches.
  static func between(_ one: String, _ other: String) -> String? {
    guard let left = DurationLiteral.milliseconds(one), let right = DurationLiteral.milliseconds(other) else {
      return nil
    }
    return DurationLiteral.text(left / 2 + right / 2)
  }
}
