/// Texts that a conversion of a literal would refuse each time it is evaluated.
extension Checker {
  /// `duration("…")` and `timestamp("…")` of a literal.
  mutating func checkConversion(_ function: String, _ argument: NodeID) {
    guard case .string(let text)? = literal(argument) else { return }
    let span = expression[argument].span
    if function == "duration", Duration(cel: text) == nil {
      findings.add(
        .badDuration, span, "`\(text.shortened)` is no span of time", hint: Self.durationHint(text))
    } else if function == "timestamp", Timestamp(rfc3339: text.utf8.span) == nil {
      findings.add(
        .badTimestamp, span, "`\(text.shortened)` is no moment", hint: Self.timestampHint(text))
    }
  }

  private static func durationHint(_ text: String) -> String {
    let units: [(name: String, hours: Int)] = [
      ("d", 24), ("day", 24), ("days", 24), ("w", 168), ("weeks", 168),
    ]
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    if let known = units.first(where: { $0.name == unit }), let count = Int(digits), count < 10_000 {
      return "write `duration(\"\(count * known.hours)h\")`; the longest unit is the hour"
    }
    return "write numbers with the units `h`, `m`, `s`, `ms`, `us` or `ns`, such as `1h30m`"
  }

  private static func timestampHint(_ text: String) -> String {
    for completed in [text + "T00:00:00Z", text + "Z", text.replacing(" ", with: "T") + "Z"]
    where text.utf8.count < 40 && Timestamp(rfc3339: completed.utf8.span) != nil {
      return "write `timestamp(\"\(completed)\")`"
    }
    return "write date, time and offset, such as `2026-01-31T23:59:59Z`, from year 1 to 9999"
  }
}
