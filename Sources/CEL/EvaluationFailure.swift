/// Why an expression has no value.
public enum EvaluationFailure: Error, Sendable {
  /// The expression failed: overflow, division by zero, no such key, budget spent, ….
  case error(EvaluationError)
  /// Fields or features that the value depends on are missing; the slots, ascending, each once.
  case unknown(slots: [Int])
}

/// A failed evaluation, with the place in the expression.
public struct EvaluationError: Error, Hashable, Sendable {
  /// The kinds that callers tell apart.
  public enum Code: String, Sendable, Hashable {
    case overflow
    case divisionByZero = "division-by-zero"
    case noSuchOverload = "no-such-overload"
    case noSuchKey = "no-such-key"
    case noSuchField = "no-such-field"
    case indexOutOfRange = "index-out-of-range"
    case invalidConversion = "invalid-conversion"
    case unknownName = "unknown-name"
    case unknownFunction = "unknown-function"
    case budgetSpent = "budget-spent"
    case invalidArgument = "invalid-argument"
  }
  /// The kind of failure.
  public let code: Code
  /// Lower case, no final period; never shows text or bytes that came from outside.
  public let message: String
  /// UTF-8 offsets into the expression's source.
  public let span: Range<Int>

  /// A failure at a place.
  public init(code: Code, message: String, span: Range<Int>) {
    self.code = code
    self.message = message
    self.span = span
  }
}
