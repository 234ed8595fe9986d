/// A value that can be hashed, such that keys are equal exactly when CEL holds the values for equal.
enum ScalarKey: Hashable, Sendable {
  case null
  case bool(Bool)
  /// Every whole number that an `Int64` can hold, whatever type it had.
  case whole(Int64)
  /// Whole numbers above `Int64.max`.
  case large(UInt64)
  /// Numbers with a fraction or beyond 64 bits.
  case real(Double)
  case text(TextKey)
  case bytes([UInt8])
  case timestamp(Timestamp)
  case duration(Duration)
  case ip(IPAddress)
  case cidr(CIDRRange)

  /// Returns nil for lists, maps, types and optionals, and for NaN, which equals nothing.
  init?(_ value: Value) {
    switch value {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .int(let number): self = .whole(number)
    case .uint(let number): self = Int64(exactly: number).map { .whole($0) } ?? .large(number)
    case .double(let number):
      if number.isNaN { return nil }
      if let whole = Int64(exactly: number) {
        self = .whole(whole)
      } else if let large = UInt64(exactly: number) {
        self = .large(large)
      } else {
        self = .real(number)
      }
    case .string(let text): self = .text(TextKey(text: text))
    case .bytes(let bytes): self = .bytes(bytes)
    case .timestamp(let timestamp): self = .timestamp(timestamp)
    case .duration(let duration): self = .duration(duration)
    case .ip(let address): self = .ip(address)
    case .cidr(let range): self = .cidr(range)
    case .list, .map, .type, .optional: return nil
    }
  }
}

/// Text that is equal by code points.
struct TextKey: Hashable, Sendable {
  let text: String

  static func == (left: TextKey, right: TextKey) -> Bool { TextOrder.equal(left.text, right.text) }

  func hash(into hasher: inout Hasher) {
    let bytes = text.utf8Span.span
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    hasher.combine(bytes.count)
  }
}
