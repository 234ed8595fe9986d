/// What the names that authors give may look like.
enum NameCheck {
  /// What a name is for; each has its own alphabet.
  enum Kind {
    /// Rules and rule sets: lower-case letters, digits and `-`.
    case identifier
    /// Features and lists: a name of the expression language.
    case variable
    /// Fields: names of the expression language joined by dots.
    case path
    /// Places in the JSON that rules do not name: words joined by dots.
    case member
    /// Event types: letters, digits, `_`, `-` and `.`.
    case eventType
  }

  private static let keywords: Set = ["true", "false", "null", "in"]
  private static let reserved: Set = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace",
    "package", "return", "var", "void", "while",
  ]
  private static let identityNames: Set = ["event", "event.id", "event.type", "event.time"]
  /// Names that the expression language gives a meaning of its own.
  private static let meanings: Set = [
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "google", "event",
  ]

  /// Whether `name` may be used; reports why not.
  static func check(_ name: Located<String>, as kind: Kind, _ what: String, _ findings: Findings) -> Bool {
    let text = name.value
    let bytesMax = kind == .path || kind == .member ? RuleSetLimits.pathBytesMax : RuleSetLimits.nameBytesMax
    guard text.utf8.count <= bytesMax else {
      findings.error(
        .textTooLong, at: name.place,
        "the name of \(what) has \(text.utf8.count) bytes, at most \(bytesMax) are allowed")
      return false
    }
    guard isSpelled(text, as: kind) else {
      let respelled = respelling(text, as: kind)
      findings.error(
        .badName, at: name.place, "`\(SourceNode.shortened(text))` cannot be the name of \(what)",
        hint: (respelled.map { "write `\($0)`: " } ?? "") + rule(of: kind), replacement: respelled)
      return false
    }
    guard kind == .variable || kind == .path else { return true }
    let segments = text.split(separator: ".").map(String.init)
    guard segments.count <= RuleSetLimits.pathSegmentsMax else {
      findings.error(
        .tooMany, at: name.place,
        "the path has \(segments.count) levels, at most \(RuleSetLimits.pathSegmentsMax) are allowed")
      return false
    }
    let isField = kind == .path
    if isField ? identityNames.contains(text) : meanings.contains(text) {
      findings.error(
        .reservedName, at: name.place,
        "`\(text)` has a meaning of its own in conditions and cannot name \(what)",
        hint: isField
          ? "conditions read it without a declaration" : "choose another name, such as `\(text)_count`")
      return false
    }
    let found = segments.enumerated().first { index, word in
      keywords.contains(word) || index == 0 && reserved.contains(word)
    }
    guard let word = found?.element else { return true }
    findings.error(
      .reservedName, at: name.place, "`\(word)` is a reserved word: conditions could not name `\(text)`",
      hint: isField ? "have it sent under another name" : "choose another name, such as `\(text)_count`")
    return false
  }

  private static func isSpelled(_ text: String, as kind: Kind) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { return false }
    switch kind {
    case .identifier:
      return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        && first != UInt8(ascii: "-")
    case .variable: return isIdentifier(bytes[...])
    case .path:
      let segments = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      return segments.allSatisfy(isIdentifier)
    case .member:
      let segments = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      return segments.allSatisfy { !$0.isEmpty } && bytes.allSatisfy(isWordOrDot)
    case .eventType: return bytes.allSatisfy(isWordOrDot)
    }
  }

  /// The name with what its kind of names joins words with, in the place of what it may not have; nil where that is none
  /// either.
  private static func respelling(_ text: String, as kind: Kind) -> String? {
    // Fields and event types are called what events call them.
    guard kind == .identifier || kind == .variable else { return nil }
    let joint: Character = kind == .identifier ? "-" : "_"
    let lowered = kind == .identifier ? text.lowercased() : text
    let result = String(lowered.map { $0 == " " || $0 == "-" || $0 == "_" ? joint : $0 })
    return result != text && isSpelled(result, as: kind) ? result : nil
  }

  private static func rule(of kind: Kind) -> String {
    switch kind {
    case .identifier: "use lower-case letters, digits and `-`, such as `payout-burst`"
    case .variable: "use letters, digits and `_`, not a digit first, such as `payouts_24h`"
    case .path, .member:
      "use letters, digits and `_` with a `.` for each level of the JSON, such as `device.id`"
    case .eventType: "use letters, digits, `_`, `-` and `.`, such as `payout.requested`"
    }
  }

  private static func isWordOrDot(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte)
      || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
  }

  private static func isIdentifier(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  private static func isLower(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
  }
  private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
