internal import CEL

/// Reads the text of a reason: `{name}` stands for a value, `{{` and `}}` for braces.
struct ReasonCompiler {
  /// What a name stands for.
  struct Meaning {
    let slot: Int
    let masked: Bool
  }

  let meanings: [String: Meaning]
  let findings: Findings

  func compile(_ text: SourceString) -> ReasonTemplate {
    let bytes = Array(text.value.utf8)
    var parts: [ReasonTemplate.Part] = []
    var literal: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
      guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
        literal.append(byte)
        index += 1
        continue
      }
      if isDoubled {
        literal.append(byte)
        index += 2
        continue
      }
      guard byte == UInt8(ascii: "{"), let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
        findings.error(
          .badTemplate, at: findings.place(index..<index + 1, of: text),
          byte == UInt8(ascii: "{") ? "a `{` that is never closed" : "a `}` without a `{` before it",
          hint: "a value is written `{name}`, a brace `{{` or `}}`")
        return ReasonTemplate(parts: [])
      }
      if let part = value(bytes[(index + 1)..<end], of: text) {
        if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
        literal = []
        parts.append(part)
      }
      index = end + 1
    }
    if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
    return ReasonTemplate(parts: parts)
  }

  private func value(_ bytes: ArraySlice<UInt8>, of text: SourceString) -> ReasonTemplate.Part? {
    let name = String(decoding: bytes, as: UTF8.self)
    if let meaning = meanings[name] { return .value(slot: meaning.slot, masked: meaning.masked) }
    let place = findings.place(bytes.startIndex..<max(bytes.startIndex + 1, bytes.endIndex), of: text)
    guard !name.isEmpty else {
      findings.error(
        .badTemplate, at: place, "a `{}` without a name", hint: "write `{name}`, or `{{}}` for braces")
      return nil
    }
    let trimmed = name.split(separator: " ").joined()
    let isMeant = meanings[trimmed] != nil
    let near = isMeant ? trimmed : DidYouMean.nearest(to: name, among: meanings.keys)
    let hint =
      isMeant
      ? "write `{\(trimmed)}` without blanks"
      : near.map { "did you mean `{\($0)}`?" }
        ?? beginning(name) ?? "a reason shows fields and features by name; a brace is written `{{` or `}}`"
    findings.error(
      .unknownTemplateName, at: place, "there is no field or feature `\(SourceNode.shortened(name))` to show",
      hint: hint, replacement: near)
    return nil
  }

  /// Names that begin with the one that was written.
  private func beginning(_ name: String) -> String? {
    let longer = meanings.keys.filter { $0.hasPrefix(name) }.sorted().prefix(4).map { "{\($0)}" }
    return longer.isEmpty ? nil : "names that begin like it: \(Choices.text(Array(longer), joinedBy: "and"))"
  }
}
