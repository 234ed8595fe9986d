/// A value of the Common Expression Language.
///
/// Source: the language definition at github.com/google/cel-spec, `doc/langdef.md`.
public enum Value: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  /// Text; CEL compares, orders and measures it by Unicode code points, never by Swift's canonical equivalence.
  case string(String)
  case bytes([UInt8])
  case timestamp(Timestamp)
  /// A span of time within ±315,576,000,000 s, to the nanosecond.
  case duration(Duration)
  case list([Value])
  case map(MapValue)
  case type(CELType)
  /// An address of the Internet Protocol.
  case ip(IPAddress)
  /// A range of such addresses.
  indirect case cidr(CIDRRange)
  /// A value that may be absent; nil is `optional.none()`.
  indirect case optional(Value?)
}
