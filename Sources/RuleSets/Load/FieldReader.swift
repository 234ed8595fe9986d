internal import Events

/// Reads the type of one field.
struct FieldReader {
  private enum Kind: String, CaseIterable { case string, int, double, bool, timestamp, ip, money, list }
  private enum TextSpelling: String, CaseIterable { case string }
  private enum TimeSpelling: String, CaseIterable { case iso8601, unixMilliseconds = "unix_ms" }

  private let findings: Findings

  init(_ findings: Findings) { self.findings = findings }

  func read(_ path: Located<String>, _ node: SourceNode) -> SchemaDeclaration.Field {
    var field = SchemaDeclaration.Field(path: path)
    if node.node.scalar != nil {
      let word = node.node.scalar?.text ?? ""
      let words = Kind.allCases.map(\.rawValue)
      let type = words.contains(word) ? word : FamiliarWords.same(as: word, among: words).first ?? "string"
      findings.error(
        .wrongType, at: node.place, "expected a field's type in braces, found \(node.description)",
        hint: "write `\(path.value): {type: \(type)}`", replacement: "{type: \(type)}")
      return field
    }
    guard var reader = MappingReader(node, "a field", findings, anchor: path.place) else { return field }
    field.type = readType(&reader, &field)
    let missing = reader.take("missing")
    let required = reader.take("required")?.flag(findings)
    field.required = required?.value ?? false
    if let missing { field.missing = readMissing(missing, of: field) }
    let sensitive = reader.take("sensitive")?.flag(findings)
    field.sensitive = sensitive?.value ?? false
    field.volatile = reader.take("volatile")?.flag(findings)?.value ?? false
    readNetwork(&reader, &field)
    reader.finish()
    if field.sensitive, let type = field.type, let sensitive, type != .string, type != .ip {
      findings.error(
        .sensitiveNotText, at: sensitive.place,
        "only text can be sensitive: `\(path.value)` is kept as a keyed hash of its text",
        hint: "take `sensitive` out, or declare the field as `string`")
    }
    return field
  }

  private func readType(
    _ reader: inout MappingReader, _ field: inout SchemaDeclaration.Field
  ) -> Schema.FieldType? {
    if reader.has("enum") {
      let members = reader.take("enum").flatMap(members)
      if let place = reader.keyPlace("type") {
        _ = reader.take("type")
        findings.error(
          .conflictingKeys, at: place, "`enum` is the type already", hint: "take `type` out")
      }
      return members.map { .enumeration($0) }
    }
    guard
      let kind: Located<Kind> = reader.require("type", hint: "such as `type: string`, or `enum: [A, B]`")?
        .choice(findings, meaning: "an enumeration says `{enum: [A, B]}` and no `type`")
    else {
      for key in ["as", "scale", "minor", "currency", "of", "enum"] { _ = reader.take(key) }
      return nil
    }
    switch kind.value {
    case .string: return .string
    case .bool: return .bool
    case .ip: return .ip
    case .int:
      field.asText = readAsText(&reader)
      return .int
    case .double:
      field.asText = readAsText(&reader)
      let scale = reader.take("scale")?.integer(findings, in: 0...9)
      return .double(scale: scale?.value ?? 9)
    case .timestamp:
      let spelling: Located<TimeSpelling>? = reader.take("as")?.choice(findings)
      return .timestamp(spelling?.value == .unixMilliseconds ? .unixMilliseconds : .iso8601)
    case .money: return readMoney(&reader)
    case .list:
      return reader.require("of", hint: "the type of its elements, such as `of: string`").flatMap(readList)
    }
  }

  /// The texts that stand for absence, each none of the members that rules see.
  private func readMissing(_ node: SourceNode, of field: SchemaDeclaration.Field) -> [String] {
    guard let type = field.type else { return [] }
    guard case .enumeration(let listed) = type else {
      findings.error(
        .fieldKind, at: node.place, "only an `enum` has members that are `missing`",
        hint: "take `missing` out")
      return []
    }
    guard !field.required else {
      findings.error(
        .conflictingKeys, at: node.place, "a required field cannot have members that are `missing`",
        hint: "take `missing` or `required` out")
      return []
    }
    guard let texts = node.texts(findings, of: "members") else { return [] }
    for text in texts where listed.contains(text.value) {
      findings.error(
        .duplicateName, at: text.place, "`\(text.value)` is a member that rules see",
        hint: "list it either under `enum` or under `missing`")
    }
    return members(node) ?? []
  }

  /// `from` and `ipv6_bits`. All else is as the address's own field says.
  private func readNetwork(_ reader: inout MappingReader, _ field: inout SchemaDeclaration.Field) {
    guard reader.has("from") || reader.has("ipv6_bits") else {
      // Named among the keys that an address may have.
      if field.type == .ip { for key in ["from", "ipv6_bits"] { _ = reader.take(key) } }
      return
    }
    field.source = reader.require("from", hint: "the field whose network it is")?.text(findings)
    field.ipv6Bits = reader.take("ipv6_bits")?.integer(findings, in: 1...128)?.value ?? 64
    if let type = field.type, type != .ip {
      findings.error(
        .fieldKind, at: field.path.place, "only an `ip` is taken `from` another field",
        hint: "write `{type: ip, from: ip, ipv6_bits: 64}`")
    }
    if field.required || field.sensitive || field.volatile {
      findings.error(
        .conflictingKeys, at: field.path.place,
        "`\(field.path.value)` is `required`, `sensitive` and `volatile` as the field that it is taken from",
        hint: "take them out")
    }
  }

  private func readAsText(_ reader: inout MappingReader) -> Bool {
    guard let node = reader.take("as") else { return false }
    let spelling: Located<TextSpelling>? = node.choice(findings)
    return spelling != nil
  }

  private func readMoney(_ reader: inout MappingReader) -> Schema.FieldType? {
    let minor = reader.require("minor", hint: "the path of the integer of minor units")?.text(findings)
    let currency = reader.require("currency", hint: "the path of the ISO 4217 code")?.text(findings)
    guard let minor, let currency else { return nil }
    let isMinorFine = NameCheck.check(minor, as: .member, "a path into the JSON", findings)
    guard NameCheck.check(currency, as: .path, "a field", findings), isMinorFine else { return nil }
    guard minor.value != currency.value else {
      findings.error(.duplicateName, at: currency.place, "amount and currency cannot stand at the same path")
      return nil
    }
    return .money(minor: minor.value, currency: currency.value)
  }

  private func readList(_ node: SourceNode) -> Schema.FieldType? {
    if node.node.entries != nil {
      guard var reader = MappingReader(node, "`of`", findings) else { return nil }
      let members = reader.require("enum")
      reader.finish()
      return members.flatMap(self.members).map { .list(.enumeration($0)) }
    }
    guard let kind: Located<Kind> = node.choice(findings) else { return nil }
    switch kind.value {
    case .string: return .list(.string)
    case .int: return .list(.int)
    case .double: return .list(.double(scale: 9))
    case .bool: return .list(.bool)
    case .timestamp: return .list(.timestamp(.iso8601))
    case .ip: return .list(.ip)
    case .money, .list:
      findings.error(.fieldKind, at: node.place, "a list of `\(kind.value.rawValue)` is not possible")
      return nil
    }
  }

  private func members(_ node: SourceNode) -> [String]? {
    guard let texts = node.texts(findings, of: "members") else { return nil }
    guard !texts.isEmpty else {
      node.mismatch("at least one member", findings)
      return nil
    }
    var seen: [String: Diagnostic.Place] = [:]
    for text in texts {
      if let first = seen[text.value] {
        findings.error(
          .duplicateName, at: text.place, "the member `\(text.value)` is listed twice",
          notes: [Diagnostic.Note("first here", at: first)])
      }
      seen[text.value] = seen[text.value] ?? text.place
    }
    return texts.map(\.value)
  }
}
