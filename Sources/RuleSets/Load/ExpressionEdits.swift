internal import CEL

/// What mends a mistake in an expression.
extension SourceString {
  /// What to write in the place of a finding's characters, as it must stand in the file; nil where that is not known.
  ///
  /// The expression language says it in words: a hint such as ``did you mean `x`?`` names what belongs in the place of
  /// exactly what is underlined, where the finding is one of those below.
  func replacement(for finding: ExpressionDiagnostic) -> String? {
    guard !finding.span.isEmpty, let hint = finding.hint else { return nil }
    switch ExpressionDiagnostic.Code(rawValue: finding.code) {
    case .unknownName, .unknownFunction: return Self.word(in: hint, after: "did you mean `", before: "?")
    case .notAMember:
      let member = Self.word(in: hint, after: "did you mean `", before: "?")
      return member.flatMap { written(quoted($0, at: finding.span)) }
    // What is underlined is the text within the call, quotation marks included.
    case .badDuration, .badTimestamp:
      let opening = finding.code == ExpressionDiagnostic.Code.badDuration.rawValue ? "duration" : "timestamp"
      return Self.call(opening, in: hint).flatMap { written(quoted($0, at: finding.span)) }
    // What is underlined is the comparison, and the hint names the number that stands in quotation marks in it.
    case .noOverload, .neverEqual:
      return Self.word(in: hint, after: "write `", before: "").flatMap { unquoted($0, in: finding.span) }
        .flatMap(written)
    case .invalidNumber:
      return Self.call("duration", in: hint).flatMap { written("duration(\"\($0)\")") }
        ?? Self.word(in: hint, after: "digits are not grouped: write `", before: "")
    case .callStyle: return Self.word(in: hint, after: "write `", before: "").flatMap(written)
    case .wordOperator, .unknownOperator, .unexpectedCharacter:
      let symbol =
        Self.word(in: hint, after: "write `", before: "")
        ?? Self.word(in: hint, after: "write `", before: " to compare")
      return symbol.flatMap { $0.contains(where: \.isLetter) ? nil : $0 }
    default: return nil
    }
  }

  /// The text in back-ticks of a hint that says nothing beside; one that was shortened is none.
  private static func word(in hint: String, after opening: String, before end: String) -> String? {
    guard hint.hasPrefix(opening) else { return nil }
    let parts = hint.dropFirst(opening.count).split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1] == end, !parts[0].isEmpty, !parts[0].contains("…") else { return nil }
    return String(parts[0])
  }

  /// The text in the call of a function that a hint says to write.
  private static func call(_ function: String, in hint: String) -> String? {
    let opening = "`\(function)(\""
    guard let start = hint.firstRange(of: opening), let end = hint[start.upperBound...].firstRange(of: "\")`")
    else { return nil }
    let text = hint[start.upperBound..<end.lowerBound]
    // The example of a hint that knows nothing better is not meant.
    return hint.hasPrefix("write `") || hint.hasPrefix("a span of time is written") ? String(text) : nil
  }

  /// The part of the expression without quotation marks around a number that stands there once; nil for any other word.
  private func unquoted(_ number: String, in span: Range<Int>) -> String? {
    guard Double(number) != nil else { return nil }
    let text = part(span)
    for quoted in ["\"\(number)\"", "'\(number)'"] {
      let parts = text.split(separator: quoted, omittingEmptySubsequences: false)
      if parts.count == 2 { return parts.joined(separator: number) }
    }
    return nil
  }

  /// A member as a literal, in the quotation marks that it has.
  private func quoted(_ member: String, at span: Range<Int>) -> String {
    let bytes = Array(value.utf8)
    let quote =
      span.lowerBound < bytes.count && bytes[span.lowerBound] == UInt8(ascii: "'") ? "'" : "\""
    let escaped = member.replacing("\\", with: "\\\\").replacing(quote, with: "\\" + quote)
    return quote + escaped + quote
  }

  /// As the scalar around it must write it; nil where its own layout would have to change.
  private func written(_ text: String) -> String? {
    guard !text.contains(where: \.isNewline) else { return nil }
    switch scalar.style {
    case .singleQuoted: return text.replacing("'", with: "''")
    case .doubleQuoted: return text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    // What would end a plain scalar.
    case .plain: return text.contains(": ") || text.contains(" #") ? nil : text
    case .literal, .folded: return text
    }
  }
}
