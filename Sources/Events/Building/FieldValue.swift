public import CEL

/// The value of one field, for `EventBuilder`. Literals stand for themselves: `"p-17"`, `3`, `0.5`, `true`, `["a", "b"]`.
public enum FieldValue: Hashable, Sendable {
  case string(String)
  case int(Int64)
  case double(Double)
  case bool(Bool)
  case timestamp(Timestamp)
  /// Elements are no lists themselves.
  case list([FieldValue])
}

extension FieldValue: ExpressibleByStringLiteral {
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension FieldValue: ExpressibleByIntegerLiteral {
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .int(value) }
}

extension FieldValue: ExpressibleByFloatLiteral {
  /// A number.
  public init(floatLiteral value: Double) { self = .double(value) }
}

extension FieldValue: ExpressibleByBooleanLiteral {
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension FieldValue: ExpressibleByArrayLiteral {
  /// A list.
  public init(arrayLiteral elements: FieldValue...) { self = .list(elements) }
}
