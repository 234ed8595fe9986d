internal import CEL
internal import Events

/// Checks the values of a test's events against the schema.
///
/// An event with a value of the wrong type is refused and never decided. One with text that is no member of its
/// enumeration is decided, but no condition that names members is true of it: a test that expects a rule not to fire
/// would pass whatever the rule says, mostly because a member is misspelled.
struct TestValueCheck {
  private let types: [String: Schema.FieldType]
  private let asText: Set<String>
  /// By path: texts that stand for no value; they need not be members.
  private let missing: [String: [String]]
  private let currencies: Set<String>
  private let money: Set<String>
  private let findings: Findings

  init(_ schema: Schema, _ findings: Findings) {
    self.findings = findings
    var types: [String: Schema.FieldType] = [:]
    var currencies: Set<String> = []
    var money: Set<String> = []
    for field in schema.fields {
      guard case .money(let minor, let currency) = field.type else {
        types[field.path] = types[field.path] ?? field.type
        continue
      }
      types[minor] = .int
      money.insert(minor)
      currencies.insert(currency)
    }
    asText = Set(schema.fields.filter(\.asText).map(\.path))
    missing = Dictionary(
      schema.fields.map { ($0.path, $0.missing) }, uniquingKeysWith: { first, _ in first })
    (self.types, self.currencies, self.money) = (types, currencies, money)
  }

  /// - Parameter allowsUnknown: whether the test means members that an enumeration does not have.
  func check(_ members: [TestMember], allowsUnknown: Bool) {
    for member in members { check(member.path.value, member.value, allowsUnknown) }
  }

  /// Trees of YAML are of bounded depth.
  private func check(_ path: String, _ node: SourceNode, _ allowsUnknown: Bool) {
    guard let type = types[path] else {
      for entry in node.node.entries ?? [] {
        check(path + "." + entry.name, SourceNode(file: node.file, node: entry.value), allowsUnknown)
      }
      return
    }
    // Null takes a default away.
    if node.node.scalar?.resolved == .null { return }
    guard case .list(let element) = type else { return check(path, node, of: type, allowsUnknown) }
    guard let elements = node.node.elements else {
      let text = node.node.scalar?.text
      return node.mismatch(
        "a list, as `\(path)` is", findings, hint: text.map { "write `[\(SourceNode.shortened($0))]`" })
    }
    for item in elements {
      check(path, SourceNode(file: node.file, node: item), of: element, allowsUnknown)
    }
  }

  private func check(_ path: String, _ node: SourceNode, of type: Schema.FieldType, _ allowsUnknown: Bool) {
    if asText.contains(path) { return checkText(node, "a number in quotes, as `\(path)` is sent") }
    switch (type, node.node.scalar?.resolved) {
    case (.int, .int?), (.money, .int?), (.double, .int?), (.double, .double?), (.bool, .bool?): break
    case (.int, .double?) where money.contains(path):
      node.mismatch(
        "an integer, as `\(path)` is", findings,
        hint: "an amount is written in minor units: 15.00 in a currency with two decimal places is `1500`")
    case (.int, _), (.money, _): mismatch("an integer", path, node, unquoted: node.numberInQuotes)
    case (.double, _): mismatch("a number", path, node, unquoted: node.numberInQuotes)
    case (.bool, _):
      mismatch(
        "`true` or `false`", path, node,
        unquoted: FamiliarWords.truth(node.node.scalar?.text ?? "").map { "\($0)" })
    case (.timestamp(.unixMilliseconds), .int?): break
    case (.timestamp(let format), .string(let text)?):
      if Timestamp(rfc3339: text) != nil && format == .iso8601 { break }
      if Int64(text) != nil && format == .unixMilliseconds { break }
      mismatch(Self.moment(format), path, node)
    case (.timestamp(let format), _): mismatch(Self.moment(format), path, node)
    case (.ip, .string(let text)?) where InternetAddress.canonical(text) != nil: break
    case (.ip, _): mismatch("an IPv4 or IPv6 address", path, node)
    case (.enumeration(let members), .string(let text)?):
      checkMember(text, path, node, members, allowsUnknown)
    case (.string, .string(let text)?):
      if currencies.contains(path) { checkCurrency(text, path, node) }
    case (.string, _), (.enumeration, _): checkText(node, "text, as `\(path)` is")
    case (.list, _): break
    }
  }

  private static func moment(_ format: Schema.TimeFormat) -> String {
    format == .iso8601 ? "a moment such as `2026-05-01T10:00:00Z`" : "milliseconds since 1970"
  }

  private func mismatch(_ expected: String, _ path: String, _ node: SourceNode, unquoted: String? = nil) {
    node.mismatch(
      "\(expected), as `\(path)` is", findings, hint: unquoted.map { "write `\($0)`" }, replacement: unquoted)
  }

  private func checkText(_ node: SourceNode, _ expected: String) {
    guard let scalar = node.node.scalar else { return node.mismatch(expected, findings) }
    if case .string = scalar.resolved { return }
    let quoted = "\"\(scalar.text)\""
    node.mismatch(expected, findings, hint: "put it in quotes: `\(quoted)`", replacement: quoted)
  }

  private func checkCurrency(_ text: String, _ path: String, _ node: SourceNode) {
    let letters: ClosedRange<Unicode.Scalar> = "A"..."Z"
    guard text.unicodeScalars.count != 3 || !text.unicodeScalars.allSatisfy(letters.contains) else { return }
    let upper = text.uppercased()
    let isMeant = upper.unicodeScalars.count == 3 && upper.unicodeScalars.allSatisfy(letters.contains)
    mismatch("a currency of three capital letters", path, node, unquoted: isMeant ? upper : nil)
  }

  private func checkMember(
    _ text: String, _ path: String, _ node: SourceNode, _ members: [String], _ allowsUnknown: Bool
  ) {
    let known = members + (missing[path] ?? [])
    guard !allowsUnknown, !known.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else { return }
    let shown = text.isEmpty ? "empty text" : "`\(SourceNode.shortened(text))`"
    let message = "\(shown) is not a member of `\(path)`"
    let way = "if it is meant, say `unknown_members: true`"
    if let near = DidYouMean.nearest(to: text, among: members) {
      return findings.error(
        .unlistedMember, at: node.place, message, hint: "did you mean `\(near)`? \(way)", replacement: near)
    }
    // What resembles no member was hardly misspelled.
    let list = Choices.hint(for: text, among: members, named: "members").map { $0 + "; " } ?? ""
    findings.warning(.unlistedMember, at: node.place, message, hint: list + way)
  }
}

extension SourceNode {
  /// The number that stands in quotes; nil where it is none, or stands without them.
  var numberInQuotes: String? {
    guard let scalar = node.scalar, scalar.style == .singleQuoted || scalar.style == .doubleQuoted else {
      return nil
    }
    switch YAMLScalar(text: scalar.text, style: .plain).resolved {
    case .int, .double: return scalar.text
    default: return nil
    }
  }
}
