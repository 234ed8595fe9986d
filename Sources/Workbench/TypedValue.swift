package import CEL

/// The typed form of values, `{"type":"int64","value":"1"}`: JSON that loses no type and no digit.
///
/// Types are `null bool int64 uint64 double string bytes timestamp duration list map type
/// net.IP net.CIDR optional_type`. Numbers are texts; bytes
/// stand under `hex`; a list's value is an array of typed values, a map's an array of pairs of them.
package enum TypedValue {
  /// Why a JSON value is no typed value, or a value too large to be written.
  package struct Failure: Error, Hashable, Sendable {
    package let message: String
  }

  /// Values written, elements included: a small expression can share one list a billion times.
  package static let nodesMax = 65_536

  /// A binding: in the typed form where it has that shape, else as plain JSON.
  package static func binding(_ json: JSONValue) throws(Failure) -> Value {
    if isTyped(json) { return try decode(json) }
    return try plain(json)
  }

  private static func isTyped(_ json: JSONValue) -> Bool {
    guard case .object(let members) = json, members.count == 2, json["type"]?.text != nil else {
      return false
    }
    return json["value"] != nil || json["hex"] != nil
  }

  /// Plain JSON: numbers without point and exponent are ints where they fit, other ones doubles.
  package static func plain(_ json: JSONValue) throws(Failure) -> Value {
    switch json {
    case .null: return .null
    case .bool(let bool): return .bool(bool)
    case .string(let text): return .string(text)
    case .number(let text):
      if let number = Int64(text) { return .int(number) }
      if let number = UInt64(text) { return .uint(number) }
      return .double(try double(text))
    case .array(let elements):
      var values: [Value] = []
      for element in elements { values.append(try plain(element)) }
      return .list(values)
    case .object(let members):
      var entries: [(key: Value, value: Value)] = []
      for member in members { entries.append((key: .string(member.key), value: try plain(member.value))) }
      return .map(MapValue(entries: entries))
    }
  }

  /// Reads the typed form.
  package static func decode(_ json: JSONValue) throws(Failure) -> Value {
    guard let type = json["type"]?.text else { throw Failure(message: "a typed value needs a `type`") }
    let value = json["value"]
    let result: Value?
    switch type {
    case "null": result = .null
    case "bool": result = value?.bool.map { .bool($0) }
    case "int64": result = text(value).flatMap { Int64($0) }.map { .int($0) }
    case "uint64": result = text(value).flatMap { UInt64($0) }.map { .uint($0) }
    case "double": result = try text(value).map { text throws(Failure) in .double(try double(text)) }
    case "string": result = value?.text.map { .string($0) }
    case "bytes": result = json["hex"]?.text.flatMap { HexText.bytes($0) }.map { .bytes($0) }
    case "timestamp": result = value?.text.flatMap { Timestamp(rfc3339: $0) }.map { .timestamp($0) }
    case "duration": result = value?.text.flatMap { Duration(cel: $0) }.map { .duration($0) }
    case "type": result = value?.text.flatMap { CELType.denoted(by: $0) }.map { .type($0) }
    case "net.IP": result = value?.text.flatMap { IPAddress($0) }.map { .ip($0) }
    case "net.CIDR": result = value?.text.flatMap { CIDRRange($0) }.map { .cidr($0) }
    case "optional_type":
      guard let value else { throw unreadable(type) }
      result = .optional(value == .null ? nil : try decode(value))
    case "list":
      guard let elements = value?.array else { throw unreadable(type) }
      var values: [Value] = []
      for element in elements { values.append(try decode(element)) }
      result = .list(values)
    case "map": result = .map(try map(value))
    default: throw Failure(message: "there is no type `\(type)`")
    }
    guard let result else { throw unreadable(type) }
    return result
  }

  /// Infinity only where it is called so: a number beyond the range of doubles is a mistake, not infinity.
  private static func double(_ text: String) throws(Failure) -> Double {
    let shown = text.count > 40 ? text.prefix(39) + "…" : text[...]
    guard let number = Double(text) else { throw Failure(message: "`\(shown)` is no number") }
    guard number.isFinite || !text.utf8.contains(where: { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else {
      throw Failure(message: "the number `\(shown)` is beyond the range of `double`")
    }
    return number
  }

  private static func map(_ value: JSONValue?) throws(Failure) -> MapValue {
    guard let pairs = value?.array else { throw unreadable("map") }
    var entries: [(key: Value, value: Value)] = []
    for pair in pairs {
      guard let sides = pair.array, sides.count == 2 else { throw unreadable("map") }
      entries.append((key: try decode(sides[0]), value: try decode(sides[1])))
    }
    return MapValue(entries: entries)
  }

  /// Numbers stand in texts; bare ones are understood too.
  private static func text(_ value: JSONValue?) -> String? {
    if case .number(let text)? = value { return text }
    return value?.text
  }

  private static func unreadable(_ type: String) -> Failure { Failure(message: "the value is no `\(type)`") }
}
