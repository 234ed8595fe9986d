/// Why a text is no JSON, or says two things at once, and at which byte.
package struct JSONParseError: Error, Hashable, Sendable {
  package let message: String
  /// UTF-8 offset into the text.
  package let offset: Int
  /// It is JSON, but a key stands twice in one object: whoever reads it could take either value.
  package var isDuplicate = false

  /// The message with its place.
  package var description: String { "\(isDuplicate ? "" : "not JSON: ")\(message) at byte \(offset)" }
}

extension JSONValue {
  /// Reads strict JSON (RFC 8259), nested at most 128 deep, no key of an object twice.
  package init(parsing text: String) throws(JSONParseError) {
    var parser = JSONParser(bytes: Array(text.utf8))
    self = try parser.parseWhole()
  }

  /// Where `bytes` stop being JSON; nil when they are JSON. Keys may stand twice.
  package static func fault(in bytes: [UInt8]) -> JSONParseError? {
    var parser = JSONParser(bytes: bytes, allowsDuplicates: true)
    do {
      _ = try parser.parseWhole()
      return nil
    } catch {
      return error
    }
  }
}

/// For the few small inputs of the command that must keep order and digits; events have a faster reader.
private struct JSONParser {
  let bytes: [UInt8]
  let allowsDuplicates: Bool
  var position = 0
  static let depthMax = 128

  init(bytes: [UInt8], allowsDuplicates: Bool = false) {
    self.bytes = bytes
    self.allowsDuplicates = allowsDuplicates
  }

  mutating func parseWhole() throws(JSONParseError) -> JSONValue {
    let value = try parseValue(depth: 0)
    skipBlanks()
    guard position == bytes.count else { throw error("unexpected text after the value") }
    return value
  }

  private func error(_ message: String) -> JSONParseError {
    JSONParseError(message: message, offset: position)
  }

  private func duplicate(_ key: String, at offset: Int) -> JSONParseError {
    let shown = key.count > 40 ? key.prefix(39) + "…" : key[...]
    return JSONParseError(
      message: "the key `\(shown)` stands there twice, again", offset: offset, isDuplicate: true)
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func parseValue(depth: Int) throws(JSONParseError) -> JSONValue {
    guard depth < JSONParser.depthMax else { throw error("nested too deeply") }
    skipBlanks()
    guard let byte = current else { throw error("the text ends where a value is needed") }
    switch byte {
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    default: return try parseNumber()
    }
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONParseError)
    -> JSONValue
  {
    let text = Array(word.description.utf8)
    guard bytes[position...].starts(with: text) else { throw error("expected a value") }
    position += text.count
    return value
  }

  private mutating func parseObject(depth: Int) throws(JSONParseError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipBlanks()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipBlanks()
      let start = position
      guard current == UInt8(ascii: "\"") else { throw error("an object's key must be a string") }
      let key = try parseString()
      guard keys.insert(key).inserted || allowsDuplicates else { throw duplicate(key, at: start) }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw error("expected `:`") }
      members.append(JSONValue.Member(key, try parseValue(depth: depth + 1)))
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("expected `,` or `}`") }
    return .object(members)
  }

  private mutating func parseArray(depth: Int) throws(JSONParseError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      elements.append(try parseValue(depth: depth + 1))
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("expected `,` or `]`") }
    return .array(elements)
  }

  private mutating func parseNumber() throws(JSONParseError) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { guard skipDigits() else { throw error("expected a value") } }
    if take(UInt8(ascii: ".")) { guard skipDigits() else { throw error("a fraction needs digits") } }
    if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard skipDigits() else { throw error("an exponent needs digits") }
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while let byte = current, byte &- UInt8(ascii: "0") < 10 { position += 1 }
    return position > start
  }

  private mutating func parseString() throws(JSONParseError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      if byte < 0x20 { throw error("a string must spell out control characters (`\\t`, `\\u0001`)") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try parseEscape(into: &text)
      default: text.append(byte)
      }
    }
    throw error("the string is not closed")
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONParseError) {
    guard let byte = current else { throw error("the string is not closed") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try parseUnit()
      if 0xD800..<0xDC00 ~= code {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw error("half a surrogate pair") }
        let low = try parseUnit()
        guard 0xDC00..<0xE000 ~= low else { throw error("half a surrogate pair") }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
      text.append(contentsOf: Character(scalar).utf8)
    default: throw error("unknown escape")
    }
  }

  private mutating func parseUnit() throws(JSONParseError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("`\\u` needs four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }
}
