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

  /// `ip("…")`, `cidr("…")` and the methods of ranges that take an address or a range as text.
  mutating func checkAddress(_ function: String, _ target: NodeID?, _ operand: NodeID) {
    guard case .string(let text)? = literal(operand) else { return }
    let span = expression[operand].span
    let acceptsMapped = extensions.contains(.mappedAddresses)
    switch (function, target == nil) {
    case ("ip", true), ("containsIP", false):
      guard IPAddress(text, acceptsMapped: acceptsMapped) == nil else { return }
      findings.add(
        .badAddress, span, "`\(text.shortened)` is no address",
        hint: "write four numbers from 0 to 255, such as `192.0.2.1`, or IPv6, such as `2001:db8::1`")
    case ("cidr", true), ("containsCIDR", false):
      guard CIDRRange(text, acceptsMapped: acceptsMapped) == nil else { return }
      let bits = IPAddress(text).map { "\(text)/\($0.family == 4 ? 32 : 128)" } ?? "10.0.0.0/8"
      findings.add(
        .badAddress, span, "`\(text.shortened)` is no range of addresses",
        hint: "write an address and the number of bits that count, such as `\(bits)`")
    default: break
    }
  }
}
