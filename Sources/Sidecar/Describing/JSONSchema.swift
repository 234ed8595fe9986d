internal import Assay
internal import Events

/// What one value of an event must be, in the words of JSON Schema.
struct JSONSchema {
  /// The JSON types that will do.
  private var types: [String]
  private var members: [(name: String, value: Member)]

  /// What a keyword says.
  indirect enum Member {
    case text(String)
    case texts([String])
    case number(String)
    case schema(JSONSchema)
    case schemas([JSONSchema])

    func write(to output: inout [UInt8]) {
      switch self {
      case .text(let text): output.append(jsonString: text)
      case .number(let digits): output.append(contentsOf: digits.utf8)
      case .schema(let schema): schema.write(isOptional: false, to: &output)
      case .texts(let texts): Self.write(texts, to: &output) { $0.append(jsonString: $1) }
      case .schemas(let schemas):
        Self.write(schemas, to: &output) { $1.write(isOptional: false, to: &$0) }
      }
    }

    private static func write<Item>(
      _ items: [Item], to output: inout [UInt8], _ write: (inout [UInt8], Item) -> Void
    ) {
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(&output, item)
      }
      output.append(UInt8(ascii: "]"))
    }
  }

  init(type: String, _ members: [(String, Member)] = []) { self.init(types: [type], members) }

  private init(types: [String], _ members: [(String, Member)]) {
    (self.types, self.members) = (types, members.map { (name: $0.0, value: $0.1) })
  }

  /// Appends the schema as JSON; what may be left out may be null too.
  func write(isOptional: Bool, to output: inout [UInt8]) {
    let types = types + (isOptional ? ["null"] : [])
    output.append(json: "{\"type\":")
    (types.count == 1 ? Member.text(types[0]) : .texts(types)).write(to: &output)
    for (name, value) in members {
      output.append(UInt8(ascii: ","))
      output.append(jsonString: name)
      output.append(UInt8(ascii: ":"))
      value.write(to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }
}

extension JSONSchema {
  /// What an event states as its content.
  static var contentDigest: JSONSchema {
    JSONSchema(
      type: "string",
      [
        ("minLength", .number("1")), ("maxLength", .number("\(EventLimits.idBytesMax)")),
        ("description", .text("What a retry is compared by, in place of the time and the declared fields.")),
      ])
  }

  /// The id of an event, its own or another's.
  static func identifier(_ description: String) -> JSONSchema {
    JSONSchema(
      types: ["string", "integer"],
      [
        ("minLength", .number("1")), ("maxLength", .number("\(EventLimits.idBytesMax)")),
        ("pattern", .text(#"^[^\u0000-\u001F\u007F-\u009F]*$"#)),
        ("minimum", .number("\(Int64.min)")), ("maximum", .number("\(UInt64.max)")),
        ("description", .text(description + " At most \(EventLimits.idBytesMax) bytes of UTF-8.")),
      ])
  }

  /// A moment.
  static func time(_ format: Schema.TimeFormat) -> JSONSchema {
    switch format {
    case .iso8601:
      JSONSchema(type: "string", [("format", .text("date-time")), ("description", .text("RFC 3339."))])
    case .unixMilliseconds:
      JSONSchema(
        types: ["integer", "string"],
        [
          ("minimum", .number("-62135596800000")), ("maximum", .number("253402300799999")),
          ("pattern", .text("^-?(0|[1-9][0-9]*)$")), ("description", .text("Milliseconds since 1970.")),
        ])
    }
  }

  /// A declared field.
  init(_ field: Schema.Field, isCurrency: Bool) {
    self.init(field.type, asText: field.asText, isCurrency: isCurrency)
    if !field.missing.isEmpty {
      let texts = field.missing.map { "`\($0)`" }.joined(separator: ", ")
      members.removeAll { $0.0 == "description" }
      members.append(
        ("description", .text("The usual values are the examples; \(texts) counts as absent.")))
    }
    if field.sensitive { members.append(("description", .text("Sensitive: never shown."))) }
  }

  private init(_ type: Schema.FieldType, asText: Bool = false, isCurrency: Bool = false) {
    switch type {
    case .string where isCurrency:
      self.init(type: "string", [("pattern", .text("^[A-Z]{3}$"))])
    case .string:
      self.init(type: "string", [("maxLength", .number("\(EventLimits.textBytesMax)"))])
    case .int, .money, .double:
      self.init(number: type, asText: asText)
    case .bool: self.init(type: "boolean")
    case .timestamp(let format): self = .time(format)
    case .ip:
      self.init(
        type: "string",
        [
          (
            "anyOf",
            .schemas(["ipv4", "ipv6"].map { JSONSchema(type: "string", [("format", .text($0))]) })
          )
        ])
    case .enumeration(let usual):
      self.init(
        type: "string",
        [
          ("examples", .texts(usual)), ("maxLength", .number("\(EventLimits.textBytesMax)")),
          ("description", .text("The usual values are the examples; others are taken and reported.")),
        ])
    case .list(let element):
      self.init(
        type: "array",
        [
          ("items", .schema(JSONSchema(element, asText: asText))),
          ("maxItems", .number("\(EventLimits.listElementsMax)")),
        ])
    }
  }

  private init(number type: Schema.FieldType, asText: Bool) {
    switch (type, asText) {
    case (.double, false): self.init(type: "number")
    case (.double, true):
      self.init(
        type: "string", [("pattern", .text(#"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$"#))])
    case (_, false):
      self.init(
        type: "integer",
        [
          ("format", .text("int64")), ("description", .text("Without a fraction or an exponent.")),
          ("minimum", .number("\(Int64.min)")),
          ("maximum", .number("\(Int64.max)")),
        ])
    case (_, true): self.init(type: "string", [("pattern", .text("^-?(0|[1-9][0-9]*)$"))])
    }
  }
}

extension JSONSchema {
  /// What stands in a path for one field of an entity's key.
  init(keyOf field: Schema.Field?) {
    switch field?.type {
    case .string?, .enumeration?, nil: self.init(type: "string", [("minLength", .number("1"))])
    case .ip?: self.init(field?.type ?? .ip)
    case .int?, .money?, .timestamp(.unixMilliseconds)?: self.init(number: .int, asText: false)
    case .double?: self.init(type: "number")
    case .bool?: self.init(type: "boolean")
    case .timestamp(let format)?: self = .time(format)
    case .list?: self.init(type: "string")
    }
  }
}
