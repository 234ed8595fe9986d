internal import CEL
internal import Events

/// The schema as the other phases use it.
struct CompiledSchema {
  let schema: Schema
  /// By slot; `error` where the declaration was wrong.
  let types: [CELType]
  /// Fields and the event's own names.
  let variables: [Environment.Variable]
  let typeTags: [UInt32]

  var identitySlot: Int { schema.fields.count }

  /// Whether the value in a slot tells of the one event that carries it: its id, its type, its time, or a field that
  /// is read from where one of them stands.
  func isOwn(_ slot: Int) -> Bool {
    guard slot < identitySlot else { return slot < identitySlot + 3 }
    let path = schema.fields[slot].path
    if case .field(path) = schema.identity.type { return true }
    return path == schema.identity.id || path == schema.identity.time
  }

  /// Whether a slot is that of a field that an event may leave out.
  func isOptional(_ slot: Int) -> Bool { slot < identitySlot && !schema.fields[slot].required }

  func slot(of path: String) -> Int? { slots[path] }
  private let slots: [String: Int]

  init(schema: Schema, types: [CELType], typeTags: [UInt32]) {
    self.schema = schema
    self.types = types
    self.typeTags = typeTags
    slots = Dictionary(
      schema.fields.enumerated().map { ($0.element.path, $0.offset) }, uniquingKeysWith: { first, _ in first }
    )
    let base = schema.fields.count
    variables =
      schema.fields.enumerated().map {
        Environment.Variable(name: $0.element.path, type: types[$0.offset], slot: $0.offset)
      } + [
        Environment.Variable(name: "event.id", type: .string, slot: base),
        Environment.Variable(name: "event.type", type: .enumeration(schema.types), slot: base + 1),
        Environment.Variable(name: "event.time", type: .timestamp, slot: base + 2),
      ]
  }

  /// The place of a field among those that authors name, or nil, which is then said.
  func field(_ name: Located<String>, _ findings: Findings) -> Int? {
    if let slot = slots[name.value] { return slot }
    let paths = schema.fields.map(\.path)
    let near = DidYouMean.nearest(to: name.value, among: paths)
    let below = paths.filter { $0.hasPrefix(name.value + ".") }
    if near == nil, !below.isEmpty {
      findings.error(
        .unknownField, at: name.place,
        "`\(SourceNode.shortened(name.value))` is the beginning of a field's name",
        hint: below.count > 8
          ? "name a field below it, such as `\(below[0])`" : "name a field below it: \(Choices.text(below))")
      return nil
    }
    let hint = Choices.hint(for: name.value, among: paths, named: "fields")
    findings.error(
      .unknownField, at: name.place, "the schema has no field `\(SourceNode.shortened(name.value))`",
      hint: near == nil ? (hint.map { $0 + "; " } ?? "") + "declare it in `schema.yaml`" : hint,
      replacement: near)
    return nil
  }

  /// By event type: whether it is meant; names that are no types are said.
  func mask(_ declaration: EventTypesDeclaration, _ findings: Findings) -> [Bool]? {
    guard case .listed(let names) = declaration else { return nil }
    var mask = [Bool](repeating: false, count: schema.types.count)
    for name in names {
      if let index = schema.types.firstIndex(of: name.value) {
        mask[index] = true
      } else {
        findings.error(
          .unknownEventType, at: name.place,
          "the schema has no event type `\(SourceNode.shortened(name.value))`",
          hint: Choices.hint(for: name.value, among: schema.types, named: "event types"),
          replacement: DidYouMean.nearest(to: name.value, among: schema.types))
      }
    }
    return mask
  }
}

/// Turns the declared schema into the one that events are decoded by.
struct SchemaCompiler {
  private let declaration: SchemaDeclaration
  private let findings: Findings

  init(_ declaration: SchemaDeclaration, _ findings: Findings) {
    self.declaration = declaration
    self.findings = findings
  }

  func compile() -> CompiledSchema {
    let fields = declaration.fields.map(compile)
    checkNames()
    for field in declaration.fields {
      if case .money(_, let currency)? = field.type { checkCurrency(currency, of: field) }
    }
    checkPaths()
    checkIdentity()
    let names = declaration.types.map(\.value)
    let schema = Schema(identity: identity(names), types: names, fields: fields)
    let declared = declaration.fields.map { $0.type?.celType ?? CELType.error }
    // Behind the declared fields stand the currencies that the schema adds.
    let types = declared + schema.fields.dropFirst(declared.count).map(\.type.celType)
    return CompiledSchema(schema: schema, types: types, typeTags: typeTags())
  }

  private func compile(_ field: SchemaDeclaration.Field) -> Schema.Field {
    let source = field.source.flatMap(address)
    return Schema.Field(
      path: field.path.value, type: field.type ?? .string, required: source?.required ?? field.required,
      sensitive: source?.sensitive ?? field.sensitive, volatile: source?.volatile ?? field.volatile,
      asText: field.asText, missing: field.missing,
      network: source.map { Schema.Network(source: $0.path.value, ipv6Bits: field.ipv6Bits) })
  }

  /// The field of an address, or nil, which is then said.
  private func address(_ name: Located<String>) -> SchemaDeclaration.Field? {
    let addresses = declaration.fields.filter { $0.type == .ip && $0.source == nil }
    if let field = addresses.first(where: { $0.path.value == name.value }) { return field }
    let names = addresses.map(\.path.value)
    findings.error(
      .unknownField, at: name.place,
      "the schema has no field `\(SourceNode.shortened(name.value))` that is an `ip` of its own",
      hint: Choices.hint(for: name.value, among: names, named: "addresses"),
      replacement: DidYouMean.nearest(to: name.value, among: names))
    return nil
  }

  private func identity(_ types: [String]) -> Schema.Identity {
    guard let declared = declaration.identity else {
      return Schema.Identity(id: "id", type: .field("type"), time: "time", timeFormat: .iso8601)
    }
    let source: Schema.TypeSource
    switch declared.type {
    case .field(let path): source = .field(path.value)
    case .always(let name):
      source = .always(name.value)
      if !types.contains(name.value) {
        findings.error(
          .unknownEventType, at: name.place, "`types` does not list the event type `\(name.value)`",
          hint: Choices.hint(for: name.value, among: types, named: "event types"),
          replacement: DidYouMean.nearest(to: name.value, among: types))
      }
    }
    return Schema.Identity(
      id: declared.id.value, type: source, time: declared.time.value, timeFormat: declared.timeFormat,
      reverses: declared.reverses?.value, amends: declared.amends?.value)
  }

  /// What names an event is kept and shown as it is, which a sensitive value must never be.
  private func checkIdentity() {
    guard let identity = declaration.identity else { return }
    var members: [(what: String, path: Located<String>?)] = [
      ("the event's id", identity.id), ("the event's time", identity.time),
      ("the id of the event taken back", identity.reverses),
      ("the id of the event changed", identity.amends),
    ]
    if case .field(let path) = identity.type { members.append(("the event's type", path)) }
    for (what, path) in members {
      guard let path,
        let field = declaration.fields.first(where: { $0.path.value == path.value && $0.sensitive })
      else { continue }
      findings.error(
        .sensitiveIdentity, at: path.place,
        "\(what) is read from `\(path.value)`, which is sensitive, but is kept and shown as it is",
        hint: "read it from another member, or take `sensitive` out",
        notes: [Diagnostic.Note("the field is here", at: field.path.place)])
    }
  }

  /// `a` and `a.b` cannot both be names: the first has no members.
  private func checkNames() {
    let places = Dictionary(
      declaration.fields.map { ($0.path.value, $0.path.place) }, uniquingKeysWith: { first, _ in first })
    for field in declaration.fields { reportPrefix(of: field.path, among: places, "a field") }
  }

  /// The same for the places in the JSON that names are read from.
  private func checkPaths() {
    var paths: [Located<String>] = []
    if let identity = declaration.identity {
      paths += [identity.id, identity.time] + [identity.reverses, identity.amends].compactMap { $0 }
      if case .field(let path) = identity.type { paths.append(path) }
    }
    for field in declaration.fields where field.source == nil {
      if case .money(let minor, let currency)? = field.type {
        paths.append(Located(value: minor, place: field.path.place))
        paths.append(Located(value: currency, place: field.path.place))
      } else {
        paths.append(field.path)
      }
    }
    let places = Dictionary(paths.map { ($0.value, $0.place) }, uniquingKeysWith: { first, _ in first })
    // Fields that clash by name were reported for that.
    let names = Set(declaration.fields.map(\.path.value))
    for path in paths where !names.contains(path.value) {
      reportPrefix(of: path, among: places, "a value")
    }
    let others = places.filter { !names.contains($0.key) }
    for path in paths where names.contains(path.value) { reportPrefix(of: path, among: others, "a value") }
  }

  private func reportPrefix(
    of path: Located<String>, among places: [String: Diagnostic.Place], _ what: String
  ) {
    let segments = path.value.split(separator: ".")
    for count in 1..<max(1, segments.count) {
      let prefix = segments[..<count].joined(separator: ".")
      guard let place = places[prefix] else { continue }
      findings.error(
        .nameClash, at: path.place, "`\(path.value)` stands inside `\(prefix)`, which is \(what) itself",
        hint: "a path is either a value or holds other paths",
        notes: [Diagnostic.Note("`\(prefix)` is here", at: place)])
    }
  }

  private func checkCurrency(_ path: String, of money: SchemaDeclaration.Field) {
    guard let field = declaration.fields.first(where: { $0.path.value == path }), let type = field.type else {
      return
    }
    switch type {
    case .string, .enumeration: return
    default:
      findings.error(
        .fieldKind, at: field.path.place,
        "`\(path)` is the currency of `\(money.path.value)` and must be text",
        hint: "declare it as `{type: string}`, or leave it out: money declares it",
        notes: [Diagnostic.Note("the money is here", at: money.path.place)])
    }
  }

  private func typeTags() -> [UInt32] {
    var first: [UInt32: Located<String>] = [:]
    return declaration.types.map { name in
      let tag = StableHash.tag(name.value)
      if let other = first[tag] {
        findings.error(
          .hashCollision, at: name.place,
          "`\(name.value)` and `\(other.value)` happen to have the same hash in stored records",
          hint: "rename one of the two")
      }
      first[tag] = name
      return tag
    }
  }
}
