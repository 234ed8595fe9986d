package import CEL

extension TypedValue {
  /// The typed form of `value`; fails beyond `nodesMax` values.
  package static func encode(_ value: Value) throws(Failure) -> JSONValue {
    var left = nodesMax
    return try encode(value, &left)
  }

  private static func encode(_ value: Value, _ left: inout Int) throws(Failure) -> JSONValue {
    left -= 1 + weight(of: value)
    guard left > 0 else { throw Failure(message: "the value has more than \(nodesMax) elements") }
    switch value {
    case .null: return typed("null", .null)
    case .bool(let bool): return typed("bool", .bool(bool))
    case .int(let number): return typed("int64", .string(String(number)))
    case .uint(let number): return typed("uint64", .string(String(number)))
    case .double(let number): return typed("double", .string(text(of: number)))
    case .string(let text): return typed("string", .string(text))
    case .bytes(let bytes):
      return .object([.init("type", .string("bytes")), .init("hex", .string(HexText.of(bytes)))])
    case .timestamp(let timestamp): return typed("timestamp", .string(timestamp.rfc3339()))
    case .duration(let duration): return typed("duration", .string(duration.celText()))
    case .type(let type): return typed("type", .string(type.runtimeName))
    case .ip(let address): return typed("net.IP", .string(address.text))
    case .cidr(let range): return typed("net.CIDR", .string(range.text))
    case .optional(let inner):
      return try typed(
        "optional_type", inner.map { inner throws(Failure) in try encode(inner, &left) } ?? .null)
    case .list(let elements):
      var values: [JSONValue] = []
      for element in elements { values.append(try encode(element, &left)) }
      return typed("list", .array(values))
    case .map(let map):
      var pairs: [JSONValue] = []
      for entry in map.entries {
        pairs.append(.array([try encode(entry.key, &left), try encode(entry.value, &left)]))
      }
      return typed("map", .array(pairs))
    }
  }

  /// Text counts by its length, since one text may stand in many places.
  private static func weight(of value: Value) -> Int {
    switch value {
    case .string(let text): text.utf8.count >> 6
    case .bytes(let bytes): bytes.count >> 6
    default: 0
    }
  }

  private static func typed(_ type: String, _ value: JSONValue) -> JSONValue {
    .object([.init("type", .string(type)), .init("value", value)])
  }

  /// The shortest text that reads back as the same number, `Infinity`, `-Infinity` or `NaN`.
  private static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return number.description
  }
}
