/// The names an expression may use, and the limits it must keep.
public struct Environment: Sendable {
  /// A name that is read from a frame's slot. The name may contain dots (`user.id`); the longest declared name wins,
  /// and what follows is field selection.
  public struct Variable: Sendable {
    /// As an expression writes it.
    public let name: String
    /// What the checker takes it for.
    public let type: CELType
    /// The index into `Frame.slots`.
    public let slot: Int
    /// Where every value of a number lies; comparisons with numbers outside of it are found by the checker.
    public let range: ClosedRange<Double>?

    /// A variable in a slot.
    public init(name: String, type: CELType, slot: Int, range: ClosedRange<Double>? = nil) {
      self.name = name
      self.type = type
      self.slot = slot
      self.range = range
    }
  }

  /// A name whose value is known when the expression is checked, such as a named list.
  public struct Constant: Sendable {
    /// As an expression writes it.
    public let name: String
    /// What the checker takes it for.
    public let type: CELType
    /// The same in every evaluation.
    public let value: Value
    /// The members of a list, made ready for `in` here and once, whatever the number of programs that ask.
    let members: ValueSet?

    /// A constant with its value; a list is hashed here, so keep the constant rather than make it again.
    public init(name: String, type: CELType, value: Value) {
      self.name = name
      self.type = type
      self.value = value
      members = if case .list(let members) = value { ValueSet(members) } else { nil }
    }
  }

  /// Names that are read from slots.
  public var variables: [Variable]
  /// Names with a known value.
  public var constants: [Constant]
  /// What `matches` uses; without it programs that call `matches` are refused.
  public var regularExpressions: (any RegularExpressions)?
  /// Named time zones; without them only `UTC` and fixed offsets are known.
  public var timeZones: (any TimeZones)?
  /// What is added to the language definition. Its macros and syntax are the parser's matter: parse with the same ones.
  public var extensions: Extensions
  /// A dotted name within which names are looked up first: in `a.b`, `x` is `a.b.x`, `a.x` or `x`, the first that is
  /// declared. Empty for none; `.x` is never anything but `x`.
  public var container = ""
  /// What an expression may cost.
  public var limits: Limits
  /// How large the variables' values are at most: what bounds on the cost follow from.
  public var sizes: InputSizes

  /// An environment of these names.
  public init(
    variables: [Variable] = [], constants: [Constant] = [],
    regularExpressions: (any RegularExpressions)? = nil, timeZones: (any TimeZones)? = nil,
    extensions: Extensions = .usual, limits: Limits = Limits(), sizes: InputSizes = InputSizes()
  ) {
    self.variables = variables
    self.constants = constants
    self.regularExpressions = regularExpressions
    self.timeZones = timeZones
    self.extensions = extensions
    self.limits = limits
    self.sizes = sizes
  }
}

extension Environment {
  /// What stands before a relative name, the innermost container first, nothing last; each with a dot at its end.
  var namePrefixes: [String] {
    var prefixes: [String] = []
    var rest = container[...]
    while !rest.isEmpty {
      prefixes.append(rest + ".")
      rest = rest.lastIndex(of: ".").map { rest[..<$0] } ?? ""
    }
    return prefixes + [""]
  }
}

/// The limits of one expression; each has its own diagnostic or evaluation error.
public struct Limits: Sendable {
  /// UTF-8 bytes of source.
  public var sourceBytesMax = 65_536
  /// Nesting of the tree.
  public var depthMax = 250
  /// Nodes after macro expansion.
  public var nodesMax = 65_536
  /// Steps of one evaluation: node visits plus elements and bytes touched by functions. A step takes 10 to 40 ns in
  /// a release build, so that this many end within about 10 ms and 32 MB.
  public var stepsMax = 250_000
  /// The greatest `Program.stepsBound(in:)` that a checked expression may have; nil asks for none.
  public var stepsBoundMax: Int?

  /// The usual limits.
  public init() {}
}

/// Regular expressions, brought by the embedder so that this module stands alone.
public protocol RegularExpressions: Sendable {
  /// Compiles a pattern of RE2's syntax, once.
  func compile(_ pattern: String) throws(RegularExpressionError) -> any RegularExpression
}

/// A compiled pattern.
public protocol RegularExpression: Sendable {
  /// The states of its automaton: how much work a byte of text can be at most, and what a match is charged by.
  var size: Int { get }

  /// Whether the pattern matches anywhere in `text`.
  func matches(_ text: String) -> Bool
  /// The same for text that lies somewhere as UTF-8; by default it is copied.
  func matches(utf8: Span<UInt8>) -> Bool
}

extension RegularExpression {
  /// Copies the text.
  public func matches(utf8: Span<UInt8>) -> Bool {
    utf8.withUnsafeBufferPointer { matches(String(decoding: $0, as: UTF8.self)) }
  }
}

extension RegularExpression {
  /// As of a short pattern, whose work does not grow.
  public var size: Int { 1 }

  /// The steps of a match. Where an automaton of all states at once would be too large, each byte visits every state: 4 ns
  /// each by RE2, a tenth of a step.
  func steps(forBytes count: Int) -> Int {
    let (steps, overflows) = count.multipliedReportingOverflow(by: max(5, size))
    return overflows ? .max : steps / 10
  }
}

/// Why a pattern was refused.
public struct RegularExpressionError: Error, Sendable {
  /// Lower case, no final period.
  public let message: String
  /// UTF-8 offset into the pattern, where known.
  public let offset: Int?
  /// A refusal with its reason.
  public init(message: String, offset: Int? = nil) {
    self.message = message
    self.offset = offset
  }
}

/// Named time zones (`Europe/Berlin`), brought by the embedder; fixed offsets need none.
public protocol TimeZones: Sendable {
  /// Seconds east of UTC at `timestamp`, or nil when the name is not known.
  func offsetSeconds(of name: String, at timestamp: Timestamp) -> Int?
}
