internal import CEL

/// Spans of time as authors write them: a number and a unit, or several in falling order.
package enum DurationLiteral {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// Milliseconds of `1h30m`, `500ms`, `2w`; nil for anything else and beyond 64 bits.
  package static func milliseconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    var total: Int64 = 0
    var position = 0
    var nextUnit = 0
    guard !bytes.isEmpty else { return nil }
    while position < bytes.count {
      let digits = bytes[position...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      let rest = bytes[digits.endIndex...]
      let letters = rest.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
      guard let number = Int64(String(decoding: digits, as: UTF8.self)),
        let unit = units.firstIndex(where: { $0.name.utf8.elementsEqual(letters) }), unit >= nextUnit
      else { return nil }
      let (part, overflows) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, overflowsToo) = total.addingReportingOverflow(part)
      guard !overflows, !overflowsToo else { return nil }
      total = sum
      nextUnit = unit + 1
      position = letters.endIndex
    }
    return total
  }

  /// The shortest way to write a span of time, without weeks.
  package static func text(_ milliseconds: Int64) -> String {
    var rest = milliseconds
    var text = ""
    for unit in units.dropFirst() where rest >= unit.milliseconds {
      text += "\(rest / unit.milliseconds)\(unit.name)"
      rest %= unit.milliseconds
    }
    return text.isEmpty ? "0s" : text
  }

  /// The same without days, which expressions do not know.
  static func inHours(_ milliseconds: Int64) -> String {
    let hours = milliseconds / 3_600_000
    let rest = milliseconds % 3_600_000
    return hours == 0 ? text(rest) : "\(hours)h" + (rest == 0 ? "" : text(rest))
  }

  /// A span of time for readers, in reasons and explanations: `2d`, `1h30m`, `1.5s`, `250ms`.
  package static func shown(_ milliseconds: Int64) -> String {
    let sign = milliseconds < 0 ? "-" : ""
    var rest = milliseconds.magnitude
    if rest < 1_000 { return rest == 0 ? "0s" : "\(sign)\(rest)ms" }
    var text = sign
    for unit in units where unit.milliseconds >= 60_000 && unit.name != "w" {
      let size = unit.milliseconds.magnitude
      if rest >= size { text += "\(rest / size)\(unit.name)" }
      rest %= size
    }
    return rest == 0 ? text : text + Duration.milliseconds(rest).celText()
  }
}
