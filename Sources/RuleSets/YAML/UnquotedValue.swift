/// A condition or a text without the quotes that it needs, so that YAML reads something else: `when: !(a > 3)` is a tag
/// with a block of text, `when: "a" in list` a text with something behind it.
enum UnquotedValue {
  /// What YAML makes of the value around `place`; nil where it is no condition or text, or would be read as meant.
  static func diagnostic(around place: Int, in bytes: [UInt8], file: String) -> Diagnostic? {
    guard let value = MeantValue(around: place, in: bytes), let misreading = misreading(of: value, in: bytes)
    else { return nil }
    return Diagnostic(
      code: "yaml-unquoted", at: Diagnostic.Place(file: file, span: value.span),
      message: "to YAML, \(misreading)", hint: hint(for: value), edits: quoting(value, in: bytes, file: file))
  }

  /// For an expression that breaks off where YAML saw the end of its value: what it took for that end, and the quotes
  /// that help.
  static func cut(
    _ span: Range<Int>, in bytes: [UInt8], file: String
  ) -> (sign: String, edit: Diagnostic.Edit)? {
    guard span.upperBound <= bytes.count,
      let next = bytes[span.upperBound...].first(where: { !ScalarBytes.isBlank($0) }),
      next == UInt8(ascii: "#") || next == UInt8(ascii: ","),
      let value = MeantValue(around: span.lowerBound, in: bytes), value.span.lowerBound == span.lowerBound,
      value.span.upperBound > span.upperBound
    else { return nil }
    let sign = next == UInt8(ascii: "#") ? "a comment that ` #` begins" : "`,` within braces"
    return quoting(value, in: bytes, file: file).first.map { (sign, $0) }
  }

  /// The name in braces, as reasons have it, in quotes; nil for a mapping that says more or stands on several lines.
  static func quoted(_ text: ArraySlice<UInt8>) -> String? {
    guard text.first == UInt8(ascii: "{"), !text.contains(where: { "\n:,".utf8.contains($0) }) else {
      return nil
    }
    let written = String(decoding: text, as: UTF8.self)
    let isPlain = !text.contains(UInt8(ascii: "\"")) && !text.contains(UInt8(ascii: "\\"))
    return isPlain ? "\"\(written)\"" : inQuotes(written)
  }

  private static func inQuotes(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  private static func quoting(_ value: MeantValue, in bytes: [UInt8], file: String) -> [Diagnostic.Edit] {
    guard value.isCertain else { return [] }
    let place = Diagnostic.Place(file: file, span: value.span)
    let text = String(decoding: bytes[value.span], as: UTF8.self)
    return [Diagnostic.Edit(at: place, replacement: inQuotes(text))]
  }

  private static func hint(for value: MeantValue) -> String {
    guard value.isExpression else { return "put the whole text in quotes" }
    let inQuotes = "put the whole expression in single quotes, `'…'`"
    return value.isInBraces ? inQuotes : "\(inQuotes), or below `\(value.key): |` on lines of its own"
  }

  /// What YAML does with the value, as the rest of a sentence; nil where it would be read as it is meant.
  private static func misreading(of value: MeantValue, in bytes: [UInt8]) -> String? {
    let text = bytes[value.span]
    guard let first = text.first else { return nil }
    switch first {
    case UInt8(ascii: "!"):
      let tag = text.prefix { $0 > 0x20 }
      // `!!str` is a tag, and meant as one.
      let isMeant = tag.count > 2 && tag.dropFirst().first == first && isLetter(tag[tag.startIndex + 2])
      return isMeant ? nil : "\(shown(tag)) is a tag, not text"
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return whole(endOfQuoted(text), of: text).map {
        "\($0) is the whole text, and what follows cannot be read"
      }
    case UInt8(ascii: "["):
      return whole(endOfBrackets(text), of: text).map { "\($0) is a list, and what follows cannot be read" }
    case UInt8(ascii: "{"):
      guard !holdsKey(text) else { return nil }
      return whole(endOfBrackets(text), of: text).map {
        "\($0) is a mapping, and what follows cannot be read"
      }
    case UInt8(ascii: "&"): return "\(shown(text.prefix { $0 > 0x20 })) is an anchor, not text"
    case UInt8(ascii: "*"): return "\(shown(text.prefix { $0 > 0x20 })) is an alias, not text"
    case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"):
      return "no text begins with \(first == UInt8(ascii: "`") ? "a back-tick" : shown([first]))"
    case UInt8(ascii: ">"): return "`>` begins a block of text"
    case UInt8(ascii: "-"), UInt8(ascii: "?"):
      guard let second = text.dropFirst().first, ScalarBytes.isBlank(second) else {
        return plain(value, text)
      }
      return "\(shown([first])) begins \(first == UInt8(ascii: "-") ? "an element of a list" : "a key")"
    // Text behind a `|` has a message of its own.
    case UInt8(ascii: "|"): return nil
    default: return plain(value, text)
    }
  }

  /// Of text that begins as text: what ends it too soon.
  private static func plain(_ value: MeantValue, _ text: ArraySlice<UInt8>) -> String? {
    for index in text.indices {
      let byte = text[index]
      let isLast = index + 1 == text.endIndex
      if byte == UInt8(ascii: ":"), isLast || text[index + 1] <= 0x20 {
        return "`:` ends a key"
      }
      if value.isInBraces, byte == UInt8(ascii: "[") {
        return "`[` within braces begins a list"
      }
      if value.isInBraces, byte == UInt8(ascii: "{") {
        return "`{` within braces begins a mapping"
      }
      if value.isInBraces, byte == UInt8(ascii: ",") {
        return "`,` within braces ends the text"
      }
    }
    return nil
  }

  /// The part before `end` for a message, where something stands behind it.
  private static func whole(_ end: Int?, of text: ArraySlice<UInt8>) -> String? {
    guard let end, text[end...].contains(where: { $0 > 0x20 }) else { return nil }
    return shown(text[..<end])
  }

  private static func shown(_ text: ArraySlice<UInt8>) -> String {
    "`\(SourceNode.shortened(String(decoding: text, as: UTF8.self)))`"
  }

  /// One past the quote that closes a text, as YAML reads it.
  private static func endOfQuoted(_ text: ArraySlice<UInt8>) -> Int? {
    guard let quote = text.first else { return nil }
    var index = text.startIndex + 1
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        index += 1
      } else if text[index] == quote {
        let isDoubled = quote == UInt8(ascii: "'") && index + 1 < text.endIndex && text[index + 1] == quote
        guard isDoubled else { return index + 1 }
        index += 1
      }
      index += 1
    }
    return nil
  }

  /// One past the bracket that closes the first.
  private static func endOfBrackets(_ text: ArraySlice<UInt8>) -> Int? {
    var depth = 0
    var index = text.startIndex
    while index < text.endIndex {
      switch text[index] {
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return index + 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let end = endOfQuoted(text[index...]) else { return nil }
        index = end - 1
      default: break
      }
      index += 1
    }
    return nil
  }

  /// Whether braces hold `name: `, as a mapping does that is meant as one.
  private static func holdsKey(_ text: ArraySlice<UInt8>) -> Bool {
    text.indices.dropFirst().dropLast().contains { index in
      text[index] == UInt8(ascii: ":") && isLetter(text[index - 1]) && text[index + 1] <= 0x20
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
  }
}
