internal import CEL
internal import Events

/// What `schema.yaml` says.
struct SchemaDeclaration: Sendable {
  var identity: Identity?
  var types: [Located<String>] = []
  var fields: [Field] = []

  struct Identity: Sendable {
    var id: Located<String>
    var type: TypeSource
    var time: Located<String>
    var timeFormat: Schema.TimeFormat
    var reverses: Located<String>?
    var amends: Located<String>?
  }

  enum TypeSource: Sendable {
    case field(Located<String>)
    case always(Located<String>)
  }

  struct Field: Sendable {
    let path: Located<String>
    /// Nil when it was wrong, which was said.
    var type: Schema.FieldType?
    var required = false
    var sensitive = false
    var volatile = false
    var asText = false
    /// Texts of an enumeration that stand for absence.
    var missing: [String] = []
    /// The address whose network it is, and how many bits of IPv6 the network has.
    var source: Located<String>?
    var ipv6Bits = 64
  }

  init(_ root: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(root, "`schema.yaml`", findings) else { return }
    if let node = reader.require("event", hint: "write `event: {id: id, type: type, time: time}`") {
      identity = Identity(node, findings)
    }
    if let node = reader.require("types", hint: "list the event types: `types: [payout.requested]`") {
      readTypes(node, findings)
    }
    if let entries = reader.require(
      "fields", hint: "write `fields:` and a line `user.id: {type: string}` for each")?
      .namedEntries(findings, of: "field types")
    {
      if entries.count > RuleSetLimits.fieldsMax {
        findings.error(
          .tooMany, at: root.place,
          "\(entries.count) fields, at most \(RuleSetLimits.fieldsMax.grouped) are allowed")
      }
      for entry in entries.prefix(RuleSetLimits.fieldsMax) {
        guard NameCheck.check(entry.name, as: .path, "a field", findings) else { continue }
        guard Self.isFree(entry.name, findings) else { continue }
        fields.append(FieldReader(findings).read(entry.name, entry.value))
      }
    }
    reader.finish()
  }

  /// Whether a path is none of the members that mean the same under every schema.
  fileprivate static func isFree(_ path: Located<String>, _ findings: Findings) -> Bool {
    guard ReservedMembers.names.contains(path.value) else { return true }
    findings.error(
      .reservedName, at: path.place,
      "the member `\(path.value)` of an event means the same under every schema, which cannot declare it",
      hint: "give it another name, in the events too")
    return false
  }

  private mutating func readTypes(_ node: SourceNode, _ findings: Findings) {
    guard let texts = node.texts(findings, of: "event types", allowsOne: true) else { return }
    if texts.isEmpty { node.mismatch("at least one event type", findings) }
    if texts.count > RuleSetLimits.typesMax {
      findings.error(
        .tooMany, at: node.place, "\(texts.count) event types, at most \(RuleSetLimits.typesMax) are allowed")
    }
    for text in texts.prefix(RuleSetLimits.typesMax) {
      guard NameCheck.check(text, as: .eventType, "an event type", findings) else { continue }
      if text.value == "any" {
        findings.error(
          .reservedName, at: text.place, "`any` stands for every event type and cannot name one",
          hint: "choose another name")
      } else if let first = types.first(where: { $0.value == text.value }) {
        findings.error(
          .duplicateName, at: text.place, "the event type `\(text.value)` is listed twice",
          notes: [Diagnostic.Note("first here", at: first.place)])
      } else {
        types.append(text)
      }
    }
  }
}

extension SchemaDeclaration.Identity {
  init?(_ root: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(root, "`event`", findings) else { return nil }
    func path(_ node: SourceNode?) -> Located<String>? {
      guard let text = node?.text(findings) else { return nil }
      guard NameCheck.check(text, as: .member, "a path into the JSON", findings) else { return nil }
      return SchemaDeclaration.isFree(text, findings) ? text : nil
    }
    let id = path(reader.require("id", hint: "the path of the event's id, such as `id: id`"))
    let type = reader.require("type", hint: "the path of the event's type, or `{always: NAME}`")
      .flatMap { Self.type($0, findings) }
    let time = reader.require("time", hint: "the path of the event's time, such as `time: time`")
      .flatMap { Self.time($0, findings) }
    reverses = path(reader.take("reverses"))
    amends = path(reader.take("amends"))
    reader.finish()
    guard let id, let type, let time else { return nil }
    self.id = id
    self.type = type
    self.time = time.path
    timeFormat = time.format
  }

  private static func type(_ node: SourceNode, _ findings: Findings) -> SchemaDeclaration.TypeSource? {
    guard node.node.entries != nil else {
      guard let text = node.text(findings),
        NameCheck.check(text, as: .member, "a path into the JSON", findings)
      else { return nil }
      return .field(text)
    }
    guard var reader = MappingReader(node, "`type`", findings) else { return nil }
    let always = reader.require("always", hint: "write a path, or `{always: NAME}`")?.text(findings)
    reader.finish()
    return always.map { .always($0) }
  }

  private enum TimeSpelling: String, CaseIterable { case iso8601, unixMilliseconds = "unix_ms" }

  private static func time(
    _ node: SourceNode, _ findings: Findings
  ) -> (path: Located<String>, format: Schema.TimeFormat)? {
    var format = Schema.TimeFormat.iso8601
    var source: SourceNode? = node
    if node.node.entries != nil {
      guard var reader = MappingReader(node, "`time`", findings) else { return nil }
      source = reader.require("field")
      if let spelling: Located<TimeSpelling> = reader.take("as")?.choice(findings) {
        format = spelling.value == .iso8601 ? .iso8601 : .unixMilliseconds
      }
      reader.finish()
    }
    guard let text = source?.text(findings),
      NameCheck.check(text, as: .member, "a path into the JSON", findings)
    else { return nil }
    return (text, format)
  }
}
