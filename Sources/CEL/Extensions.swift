/// What an environment adds to the language definition: functions, macros and syntax that the conformance suite keeps in
/// files of their own. What is off does not exist for the author.
public struct Extensions: OptionSet, Hashable, Sendable {
  /// One bit for each extension.
  public let rawValue: UInt16
  /// Any set of bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Text: `charAt`, `indexOf`, `lastIndexOf`, `lowerAscii`, `upperAscii`, `replace`, `split`, `substring`, `trim`, `join`,
  /// `reverse`, `format` and `strings.quote`. Positions count code points.
  public static let strings = Extensions(rawValue: 1)
  /// Numbers: `math.greatest`, `math.least`, rounding, sign, tests of doubles, bits and `math.sqrt`.
  public static let math = Extensions(rawValue: 2)
  /// Addresses: `ip`, `cidr`, `isIP`, `isCIDR` and what can be asked of their values.
  public static let network = Extensions(rawValue: 4)
  /// Values that may be absent: `optional.of`, `a.?b`, `a[?0]`, `[?a]`, `{?"k": a}`, `orValue`, `optMap`, ….
  public static let optionals = Extensions(rawValue: 8)
  /// Macros with two variables: `all`, `exists` and `exists_one` over positions and elements or keys and values,
  /// `transformList`, `transformMap` and `transformMapEntry`.
  public static let twoVariables = Extensions(rawValue: 16)
  /// `cel.bind(name, value, expression)`: a value that is computed once and used under a name.
  public static let bindings = Extensions(rawValue: 32)
  /// `base64.encode` and `base64.decode`.
  public static let encoders = Extensions(rawValue: 64)
  /// `cel.block`, `cel.index` and `cel.iterVar`: how optimisers write down what they have found in common. Not for people.
  public static let blocks = Extensions(rawValue: 128)

  /// With `network`: `::ffff:192.0.2.1`, as sockets for both families write it, is the address 192.0.2.1. The conformance
  /// suite wants an error instead; but then who sends such a text keeps every condition from being evaluated that asks.
  public static let mappedAddresses = Extensions(rawValue: 256)

  /// All that people write.
  public static let usual: Extensions = [
    .strings, .math, .network, .optionals, .twoVariables, .bindings, .encoders,
  ]
  /// Every extension that the conformance suite has.
  public static let all: Extensions = usual.union(.blocks)
}
