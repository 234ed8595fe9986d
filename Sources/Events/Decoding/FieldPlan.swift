/// How one field is read: the schema's `Field` boiled down to what decoding asks, without references.
struct FieldPlan: BitwiseCopyable, Sendable {
  /// What a value, or each element of a list, must be.
  enum Scalar: UInt8, Sendable {
    case text, integer, double, bool, iso8601, unixMilliseconds, address, enumeration
  }

  /// The index of the JSON path that the value is read from.
  let member: Int
  let scalar: Scalar
  let isList: Bool
  let isRequired: Bool
  /// The number arrives as text.
  var isNumberAsText: Bool
  /// Three capital letters.
  let isCurrency: Bool
  /// The index of the enumeration's name table, or -1.
  let enumeration: Int
  /// The index of the name table of the texts that stand for absence, or -1.
  let missing: Int
  /// How many bits of an IPv6 address are kept.
  let ipv6Bits: Int
}

extension FieldPlan.Scalar {
  /// What values of `type` are, or the elements of its lists.
  init(_ type: Schema.FieldType) {
    switch type {
    case .string: self = .text
    case .int, .money: self = .integer
    case .double: self = .double
    case .bool: self = .bool
    case .timestamp(.iso8601): self = .iso8601
    case .timestamp(.unixMilliseconds): self = .unixMilliseconds
    case .ip: self = .address
    case .enumeration: self = .enumeration
    case .list(let element): self.init(element)
    }
  }

  var isNumber: Bool { self == .integer || self == .double }
}
