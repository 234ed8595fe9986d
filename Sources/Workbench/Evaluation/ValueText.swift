package import CEL

extension Value {
  /// The value as an expression writes it: `1u`, `b"\x00"`, `timestamp("2026-01-05T12:00:00Z")`.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): String(value) + "u"
    case .double(let value): value.description
    case .string(let value): JSONValue.string(value).encoded()
    case .bytes(let value): "b\"" + value.map(Self.byteText).joined() + "\""
    case .timestamp(let value): "timestamp(\"\(value.rfc3339())\")"
    case .duration(let value): "duration(\"\(value.celText())\")"
    case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
    case .map(let map):
      "{" + map.entries.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", ") + "}"
    case .type: runtimeTypeText
    case .ip(let address): "ip(\"\(address.text)\")"
    case .cidr(let range): "cidr(\"\(range.text)\")"
    case .optional(let inner): inner.map { "optional.of(\($0.text))" } ?? "optional.none()"
    }
  }

  private var runtimeTypeText: String {
    guard case .type(let type) = self else { return "" }
    return type.runtimeName
  }

  private static func byteText(_ byte: UInt8) -> String {
    if 0x20..<0x7F ~= byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      return String(Unicode.Scalar(byte))
    }
    return "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
