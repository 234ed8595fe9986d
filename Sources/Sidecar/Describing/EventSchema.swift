internal import Assay
internal import Events

/// JSON Schema (2020-12) of the events that a rule set takes: fields nest at each dot of their paths.
///
/// What a schema cannot say stands in descriptions: lengths are bytes, and an event may not be dated far ahead.
struct EventSchema {
  private var root = Node()

  /// A member of the event, or the event itself.
  private struct Node {
    var members: [(name: String, node: Node)] = []
    /// What the value must be, by itself; nil for an object that is there for its members.
    var value: JSONSchema?
    var isRequired = false
    /// Members that stand there together or not at all.
    var pairs: [(String, String)] = []
  }

  init(_ schema: Schema) {
    let identity = schema.identity
    add(identity.id, .identifier("The event's id; an event is decided once."), isRequired: true)
    if case .field(let path) = identity.type {
      add(path, JSONSchema(type: "string", [("enum", .texts(schema.types))]), isRequired: true)
    }
    add(identity.time, .time(identity.timeFormat), isRequired: true)
    if let path = identity.reverses {
      add(path, .identifier("The id of the event that this one takes back."))
    }
    if let path = identity.amends { add(path, .identifier("The id of the event that this one changes.")) }
    add("dry_run", JSONSchema(type: "boolean", [("description", .text("Decide, and record nothing."))]))
    add("content_digest", .contentDigest)
    for field in schema.fields where field.network == nil {
      add(field.jsonPath, JSONSchema(field, isCurrency: schema.isCurrency(field)), isRequired: field.required)
    }
    for pair in schema.lonePairs { Self.add(pair: pair, to: &root) }
  }

  /// The schema as JSON.
  var json: [UInt8] {
    var output: [UInt8] = []
    Self.write(root, isOptional: false, to: &output)
    return output
  }

  private mutating func add(_ path: String, _ value: JSONSchema, isRequired: Bool = false) {
    Self.add(path.split(separator: ".").map(String.init)[...], value, isRequired: isRequired, to: &root)
  }

  private static func add(
    _ path: ArraySlice<String>, _ value: JSONSchema, isRequired: Bool, to node: inout Node
  ) {
    if isRequired { node.isRequired = true }
    guard let name = path.first else {
      // Where two fields read one place, the one that was there first describes it.
      if node.value == nil { node.value = value }
      return
    }
    let index = node.members.firstIndex { $0.name == name } ?? node.members.count
    if index == node.members.count { node.members.append((name, Node())) }
    add(path.dropFirst(), value, isRequired: isRequired, to: &node.members[index].node)
  }

  /// Joins an amount and a currency that stand side by side.
  private static func add(pair: (ArraySlice<String>, ArraySlice<String>), to node: inout Node) {
    let (amount, currency) = pair
    guard let first = amount.first, let second = currency.first else { return }
    if amount.count == 1, currency.count == 1 { return node.pairs.append((first, second)) }
    guard first == second, let index = node.members.firstIndex(where: { $0.name == first }) else { return }
    add(pair: (amount.dropFirst(), currency.dropFirst()), to: &node.members[index].node)
  }

  private static func write(_ node: Node, isOptional: Bool, to output: inout [UInt8]) {
    if node.members.isEmpty, let value = node.value {
      return value.write(isOptional: isOptional, to: &output)
    }
    if node.value != nil {
      // A place with a value of its own and with members: an event has one or the other.
      output.append(json: "{}")
      return
    }
    output.append(json: isOptional ? "{\"type\":[\"object\",\"null\"]" : "{\"type\":\"object\"")
    let required = node.members.filter(\.node.isRequired).map(\.name)
    if !required.isEmpty {
      output.append(json: ",\"required\":")
      JSONSchema.Member.texts(required).write(to: &output)
    }
    output.append(json: ",\"properties\":{")
    for (index, member) in node.members.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(jsonString: member.name)
      output.append(UInt8(ascii: ":"))
      write(member.node, isOptional: !member.node.isRequired, to: &output)
    }
    output.append(UInt8(ascii: "}"))
    writePairs(of: node, to: &output)
    output.append(UInt8(ascii: "}"))
  }

  private static func quoted(_ text: String) -> String {
    var json: [UInt8] = []
    json.append(jsonString: text)
    return String(decoding: json, as: UTF8.self)
  }

  /// An amount needs its currency, a currency its amount; null is as good as nothing.
  private static func writePairs(of node: Node, to output: inout [UInt8]) {
    if node.pairs.isEmpty { return }
    let choices = node.pairs.map { first, second in
      let (first, second) = (quoted(first), quoted(second))
      return #"{"oneOf":[{"required":[\#(first),\#(second)],"properties":{"#
        + #"\#(first):{"type":"integer"},\#(second):{"type":"string"}}},"#
        + #"{"properties":{\#(first):{"type":"null"},\#(second):{"type":"null"}}}]}"#
    }
    output.append(contentsOf: #","allOf":[\#(choices.joined(separator: ","))]"#.utf8)
  }
}

extension Schema {
  /// The places of amounts and their currencies, where a currency has one amount and neither must be there.
  fileprivate var lonePairs: [(ArraySlice<String>, ArraySlice<String>)] {
    let pairs = fields.compactMap { field -> (String, String)? in
      guard case .money(let minor, let currency) = field.type, !field.required else { return nil }
      return (minor, currency)
    }
    return pairs.filter { pair in pairs.count { $0.1 == pair.1 } == 1 }.map { minor, currency in
      (
        minor.split(separator: ".").map(String.init)[...],
        currency.split(separator: ".").map(String.init)[...]
      )
    }
  }

  /// Three capital letters beside an amount.
  fileprivate func isCurrency(_ field: Field) -> Bool {
    fields.contains { other in
      if case .money(_, let currency) = other.type { currency == field.path } else { false }
    }
  }
}
