/// A part of a JSON Schema, draft 7, as the schemas of rule files are put together.
struct JSONSchema {
  private(set) var members: [JSONValue.Member]

  init(_ members: [JSONValue.Member]) { self.members = members }

  var json: JSONValue { .object(members) }

  /// With a text that editors show.
  func described(_ text: String) -> JSONSchema { with("description", .string(text)) }

  /// With the value that counts where the key is left out.
  func defaulting(to value: JSONValue) -> JSONSchema { with("default", value) }

  func with(_ key: String, _ value: JSONValue) -> JSONSchema {
    JSONSchema(members.filter { $0.key != key } + [.init(key, value)])
  }

  /// One key of a mapping.
  struct Key {
    let name: String
    let value: JSONSchema
    var isRequired = false

    init(_ name: String, _ value: JSONSchema, isRequired: Bool = false) {
      (self.name, self.value, self.isRequired) = (name, value, isRequired)
    }
  }

  /// A mapping with these keys and no others.
  static func object(_ keys: [Key]) -> JSONSchema {
    let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
    return JSONSchema(
      [
        .init("type", .string("object")),
        .init("properties", .object(keys.map { .init($0.name, $0.value.json) })),
        .init("additionalProperties", .bool(false)),
      ] + (required.isEmpty ? [] : [.init("required", .array(required))]))
  }

  /// A mapping from names of the given form to values.
  static func map(of value: JSONSchema, names pattern: String?, bytesMax: Int? = nil) -> JSONSchema {
    var name: [JSONValue.Member] = pattern.map { [.init("pattern", .string($0))] } ?? []
    if let bytesMax { name.append(.init("maxLength", .number(String(bytesMax)))) }
    return JSONSchema(
      [.init("type", .string("object"))] + (name.isEmpty ? [] : [.init("propertyNames", .object(name))])
        + [.init("additionalProperties", value.json)])
  }

  static func list(of element: JSONSchema, least: Int = 0) -> JSONSchema {
    JSONSchema(
      [.init("type", .string("array")), .init("items", element.json)]
        + (least > 0 ? [.init("minItems", .number(String(least)))] : []))
  }

  /// A list of texts, or one text alone.
  static func texts(_ element: JSONSchema = .text, least: Int = 0) -> JSONSchema {
    anyOf([element, list(of: element, least: least)])
  }

  static func anyOf(_ choices: [JSONSchema]) -> JSONSchema {
    JSONSchema([.init("anyOf", .array(choices.map(\.json)))])
  }

  static func words(_ words: [String]) -> JSONSchema {
    JSONSchema([.init("enum", .array(words.map { .string($0) }))])
  }

  static func integer(_ range: ClosedRange<Int>) -> JSONSchema {
    JSONSchema([
      .init("type", .string("integer")), .init("minimum", .number(String(range.lowerBound))),
      .init("maximum", .number(String(range.upperBound))),
    ])
  }

  static func matching(_ pattern: String, most: Int? = nil) -> JSONSchema {
    JSONSchema(
      [.init("type", .string("string")), .init("pattern", .string(pattern))]
        + (most.map { [.init("maxLength", .number(String($0)))] } ?? []))
  }

  static func types(_ names: [String]) -> JSONSchema {
    JSONSchema([.init("type", names.count == 1 ? .string(names[0]) : .array(names.map { .string($0) }))])
  }

  static let flag = types(["boolean"])
  /// Anything that JSON can write, as the members of events are.
  static let anything = JSONSchema([])

  /// Text that is not empty.
  static let text = text(most: nil)

  static func text(most: Int?) -> JSONSchema {
    JSONSchema(
      [.init("type", .string("string")), .init("minLength", .number("1"))]
        + (most.map { [.init("maxLength", .number(String($0)))] } ?? []))
  }
}

/// Conditions on which keys stand together.
extension JSONSchema {
  static func requiring(_ keys: [String]) -> JSONSchema {
    JSONSchema([.init("required", .array(keys.map { .string($0) }))])
  }

  static func not(_ schema: JSONSchema) -> JSONSchema { JSONSchema([.init("not", schema.json)]) }

  static func allOf(_ parts: [JSONSchema]) -> JSONSchema {
    JSONSchema([.init("allOf", .array(parts.map(\.json)))])
  }

  /// Where `key` has one of `values`.
  static func when(
    _ key: String, isOneOf values: [String], then: JSONSchema, otherwise: JSONSchema? = nil
  ) -> JSONSchema {
    let test = JSONSchema([
      .init("properties", .object([.init(key, words(values).json)])),
      .init("required", .array([.string(key)])),
    ])
    return JSONSchema(
      [.init("if", test.json), .init("then", then.json)]
        + (otherwise.map { [.init("else", $0.json)] } ?? []))
  }

  /// None of these keys.
  static func without(_ keys: [String]) -> JSONSchema {
    JSONSchema([.init("properties", .object(keys.map { .init($0, .bool(false)) }))])
  }

  static func properties(_ keys: [(String, JSONSchema)]) -> JSONSchema {
    JSONSchema([.init("properties", .object(keys.map { .init($0.0, $0.1.json) }))])
  }
}
