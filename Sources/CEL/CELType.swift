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
  /// A type variable of a generic function, during checking only.
  case variable(Int)
  /// Reported already; agrees with everything so that one mistake gives one message.
  case error
}
