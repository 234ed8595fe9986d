/// A finding about an expression: a value that is collected, sorted and rendered by whoever shows it.
public struct ExpressionDiagnostic: Error, Hashable, Sendable {
  /// Whether an expression with this finding can be run.
  public enum Severity: String, Sendable, Hashable {
    /// It cannot.
    case error
    /// It can, but hardly does what its author wants.
    case warning
  }

  /// Stable and unique, for example `cel-unknown-name`; kebab case. This module's own are listed in `Code`.
  public let code: String
  /// Whether it keeps the expression from running.
  public let severity: Severity
  /// UTF-8 offsets into the expression's source; empty where something is missing at its end.
  public let span: Range<Int>
  /// Lower case, no final period, names in back-ticks.
  public let message: String
  /// What to write instead, where that is known: "did you mean `payouts_24h`?".
  public let hint: String?

  /// A finding with the given parts.
  public init(
    code: String, severity: Severity = .error, span: Range<Int>, message: String, hint: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.span = span
    self.message = message
    self.hint = hint
  }
}

/// Every error of one expression, in the order of their places; never empty.
public struct ExpressionDiagnostics: Error, Sendable {
  /// The errors, by place.
  public let all: [ExpressionDiagnostic]

  /// The given errors, which are sorted already.
  public init(_ all: [ExpressionDiagnostic]) { self.all = all }
}
