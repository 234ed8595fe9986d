internal import CSimdjson

/// One value as the JSON or a builder gave it, before the schema has its say.
///
/// Text is borrowed: a raw value is used while its source is, and never kept.
@safe struct RawValue {
  /// What was found; the raw values are those of `csimdjson_kind`, and the last is a builder's alone.
  enum Kind: UInt8 {
    case absent, null, bool, int, uint, double, beyond, text, array, object, timestamp
  }

  let kind: Kind
  /// Bytes of text, elements of a list.
  let length: Int
  let bits: UInt64
  private let start: UnsafePointer<UInt8>?

  @inline(__always)
  init(_ value: csimdjson_value) {
    kind = unsafe Kind(rawValue: UInt8(truncatingIfNeeded: value.kind.rawValue)) ?? .absent
    length = Int(unsafe value.length)
    bits = unsafe value.bits
    unsafe start = unsafe value.text
  }

  init(_ kind: Kind, bits: UInt64 = 0, length: Int = 0) {
    self.kind = kind
    self.bits = bits
    self.length = length
    unsafe start = nil
  }

  init(text: UnsafeBufferPointer<UInt8>) {
    kind = .text
    bits = 0
    length = text.count
    unsafe start = text.baseAddress
  }

  /// The bytes of a text; empty for everything else.
  var text: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: start, count: kind == .text && start != nil ? length : 0)
  }

  /// Nothing, or the null that stands for it.
  var isMissing: Bool { kind == .absent || kind == .null }

  /// What a message calls it.
  var noun: String {
    switch kind {
    case .absent: "nothing"
    case .null: "null"
    case .bool: "a boolean"
    case .int, .uint, .double, .beyond: "a number"
    case .text: "text"
    case .array: "a list"
    case .object: "an object"
    case .timestamp: "a timestamp"
    }
  }
}
