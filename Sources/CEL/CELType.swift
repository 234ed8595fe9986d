/// A type of the Common Expression Language, as the checker sees it.
public indirect enum CELType: Hashable, Sendable {
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  case string
  case bytes
  case timestamp
  case duration
  case list(CELType)
  case map(CELType, CELType)
  /// A string of which the schema lists the usual members; any string may occur at run time.
  case enumeration([String])
  /// The type of types, `type(1)`.
  case type
  /// An address of the Internet Protocol, `ip("192.0.2.1")`.
  case ip
  /// A range of addresses, `cidr("192.0.2.0/24")`.
  case cidr
  /// A value that may be absent, `optional.of(1)`.
  case optional(CELType)
  /// A type variable of a generic function, during checking only.
  case variable(Int)
  /// Reported already; agrees with everything so that one mistake gives one message.
  case error
}
