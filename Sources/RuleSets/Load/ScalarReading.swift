internal import CEL

/// Reads scalars of the kind that their place needs and says what stands there instead.
extension SourceNode {
  /// Reports that something else was expected here.
  func mismatch(_ expected: String, _ findings: Findings, hint: String? = nil, replacement: String? = nil) {
    findings.error(
      .wrongType, at: place, "expected \(expected), found \(description)", hint: hint,
      replacement: replacement)
  }

  /// A text, never empty, of at most `bytesMax` UTF-8 bytes.
  func string(
    _ findings: Findings, bytesMax: Int = RuleSetLimits.textBytesMax, expected: String = "text"
  ) -> SourceString? {
    guard let scalar = node.scalar else {
      mismatchUnquoted(expected, findings)
      return nil
    }
    switch scalar.resolved {
    case .string: break
    case .null:
      mismatch(expected, findings)
      return nil
    case .bool, .int, .double, .outOfRange:
      let quoted = "\"\(scalar.text)\""
      mismatch(expected, findings, hint: "put it in quotes: `\(quoted)`", replacement: quoted)
      return nil
    }
    guard !scalar.text.isEmpty else {
      findings.error(.emptyText, at: place, "expected \(expected), found empty text")
      return nil
    }
    guard scalar.text.utf8.count <= bytesMax else {
      findings.error(
        .textTooLong, at: place, "\(scalar.text.utf8.count) bytes of text, at most \(bytesMax) are allowed")
      return nil
    }
    return SourceString(scalar: scalar, place: place)
  }

  /// Reports that a text was expected; what YAML took for a mapping, such as `{name}`, may lack quotes only.
  private func mismatchUnquoted(_ expected: String, _ findings: Findings) {
    let quoted = node.entries == nil ? nil : findings.quoted(self)
    mismatch(
      expected, findings,
      hint: quoted.map { "unquoted, `{` begins a mapping; as text write `\(SourceNode.shortened($0))`" },
      replacement: quoted)
  }

  /// The text of an expression; `true` and numbers are expressions too.
  func expression(_ findings: Findings) -> SourceString? {
    guard let scalar = node.scalar, !scalar.text.isEmpty else {
      let sign = node.elements == nil ? "{" : "["
      mismatch(
        "an expression", findings,
        hint: node.scalar == nil
          ? "unquoted, `\(sign)` begins \(description): put the whole expression in single quotes, `'…'`"
          : nil)
      return nil
    }
    return SourceString(scalar: scalar, place: place)
  }

  func text(_ findings: Findings, bytesMax: Int = RuleSetLimits.textBytesMax) -> Located<String>? {
    string(findings, bytesMax: bytesMax).map { Located(value: $0.value, place: place) }
  }

  func flag(_ findings: Findings) -> Located<Bool>? {
    if case .bool(let value)? = node.scalar?.resolved { return Located(value: value, place: place) }
    let text = node.scalar?.text ?? ""
    let meant = FamiliarWords.truth(text)
    let isQuoted = Bool(text.lowercased()) != nil
    mismatch(
      "`true` or `false`", findings,
      hint: meant.map {
        isQuoted ? "write `\($0)`, without quotes" : "YAML 1.2 knows `true` and `false` only"
      },
      replacement: meant.map { "\($0)" })
    return nil
  }

  /// An integer within `range`; `hint` says what to write instead of one that lies below.
  func integer(
    _ findings: Findings, in range: ClosedRange<Int>, hint: String? = nil
  ) -> Located<Int>? {
    switch node.scalar?.resolved {
    case .int(let value)? where value >= Int64(range.lowerBound) && value <= Int64(range.upperBound):
      return Located(value: Int(value), place: place)
    case .int?, .outOfRange?:
      let shown = node.scalar?.text ?? ""
      let isBelow = shown.hasPrefix("-") || Int(shown).map { $0 < range.lowerBound } ?? false
      findings.error(
        .outOfRange, at: place,
        "`\(shown)` is out of range, which is from \(range.lowerBound.grouped) to \(range.upperBound.grouped)",
        hint: isBelow ? hint : nil)
    default: mismatchNumber("an integer", findings)
    }
    return nil
  }

  /// Reports that a number was expected; one in quotes is mended by taking them off.
  private func mismatchNumber(_ expected: String, _ findings: Findings) {
    let number = numberInQuotes
    mismatch(expected, findings, hint: number.map { "write `\($0)`, without quotes" }, replacement: number)
  }

  /// Hundredths of a percent, of a number from 0 to 100.
  func basisPoints(_ findings: Findings) -> Int? {
    let percent: Double
    switch node.scalar?.resolved {
    case .int(let value)?: percent = Double(value)
    case .double(let value)?: percent = value
    default:
      mismatchNumber("a number from 0 to 100", findings)
      return nil
    }
    let hundredths = (percent * 100).rounded()
    guard percent >= 0, percent <= 100, abs(hundredths - percent * 100) < 1e-6 else {
      findings.error(
        .outOfRange, at: place, "`\(node.scalar?.text ?? "")` is no percentage from 0 to 100",
        hint: "at most two decimal places")
      return nil
    }
    return Int(hundredths)
  }

  /// Milliseconds of a span of time such as `1h30m`, within `range`.
  func duration(_ findings: Findings, in range: ClosedRange<Int64>) -> Located<Int64>? {
    guard let scalar = node.scalar, let value = DurationLiteral.milliseconds(scalar.text) else {
      let meant = DurationLiteral.meant(by: node.scalar?.text ?? "")
      findings.error(
        .badDuration, at: place, "expected a span of time, found \(description)",
        hint: meant.map { "write `\($0)`" }
          ?? "write a number and a unit, such as `30s`, `10m`, `24h`, `7d` or `1h30m`",
        replacement: meant)
      return nil
    }
    guard range.contains(value) else {
      findings.error(
        .outOfRange, at: place,
        "`\(scalar.text)` is out of range, which is from `\(DurationLiteral.text(range.lowerBound))` to "
          + "`\(DurationLiteral.text(range.upperBound))`")
      return nil
    }
    return Located(value: value, place: place)
  }

  /// Milliseconds since 1970 of a moment in RFC 3339.
  func moment(_ findings: Findings) -> Located<Int64>? {
    guard let text = node.scalar?.text, let moment = Timestamp(rfc3339: text) else {
      findings.error(
        .badMoment, at: place, "expected a moment, found \(description)",
        hint:
          "write date, time and offset, such as `\(Self.moment(on: node.scalar?.text) ?? "2026-05-01T10:00:00Z")`"
      )
      return nil
    }
    return Located(value: moment.milliseconds, place: place)
  }

  /// The beginning of the day that a text names.
  private static func moment(on text: String?) -> String? {
    guard let text, text.utf8.count == 10, Timestamp(rfc3339: text + "T00:00:00Z") != nil else { return nil }
    return text + "T00:00:00Z"
  }

  /// A number of panes, such as `60 panes`.
  func panes(_ findings: Findings) -> Located<Int>? {
    let words = node.scalar?.text.split(separator: " ") ?? []
    guard words.count == 2, words[1] == "panes", let count = Int(words[0]),
      RuleSetLimits.panes.contains(count)
    else {
      mismatch(
        "from \(RuleSetLimits.panes.lowerBound) to \(RuleSetLimits.panes.upperBound) panes, such as `60 panes`",
        findings)
      return nil
    }
    return Located(value: count, place: place)
  }

  /// One of an enumeration's words; `meaning` says what they mean, for words that resemble none.
  func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ findings: Findings, of type: Choice.Type = Choice.self, meaning: String? = nil
  ) -> Located<Choice>? where Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue)
    guard let text = node.scalar?.text else {
      mismatch(Choices.text(words), findings)
      return nil
    }
    if let choice = Choice(rawValue: text) { return Located(value: choice, place: place) }
    findings.error(
      .unknownChoice, at: place, "expected \(Choices.text(words)), found \(description)",
      hint: FamiliarWords.hint(for: text, among: words) ?? meaning,
      replacement: FamiliarWords.replacement(for: text, among: words))
    return nil
  }
}

/// Words as messages list them.
enum Choices {
  /// ``a`, `b` or `c``
  static func text(_ words: [String], joinedBy last: String = "or") -> String {
    let quoted = words.map { "`\($0)`" }
    guard let final = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " \(last) " + final
  }

  /// Words that a hint lists; of more it lists the first.
  private static let listedMax = 12

  /// A hint with the nearest of `words`, or with what there is.
  static func hint(for text: String, among words: [String], named plural: String) -> String? {
    if let nearest = DidYouMean.nearest(to: text, among: words) { return "did you mean `\(nearest)`?" }
    if words.isEmpty { return nil }
    if words.count <= listedMax { return "the \(plural) are \(Self.text(words, joinedBy: "and"))" }
    let first = words.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return "the \(plural) are \(first) and \(words.count - 8) more"
  }
}

extension Int {
  /// With commas between groups of three digits.
  var grouped: String {
    var digits = Array(String(magnitude))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(",", at: index)
      index -= 3
    }
    return (self < 0 ? "-" : "") + String(digits)
  }
}
