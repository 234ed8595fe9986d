import CEL

/// The names that the checker's tests use: a small rule set's fields and features.
enum CheckEnvironment {
  static let integrity = ["MEETS_BASIC_INTEGRITY", "MEETS_DEVICE_INTEGRITY", "MEETS_STRONG_INTEGRITY"]

  static let declared: [(String, CELType)] = [
    ("user.id", .string), ("user.country", .string), ("user.age", .int), ("device.id", .string),
    ("device.verdicts", .list(.enumeration(integrity))), ("device.verdict", .enumeration(integrity)),
    ("payout.amount", .double), ("payouts_24h", .int), ("event.time", .timestamp),
    ("since_last_reward", .duration), ("headers", .map(.string, .string)), ("extra", .dyn), ("rooted", .bool),
    ("count", .uint), ("tags", .list(.string)), ("raw", .bytes),
  ]

  static let environment = Environment(
    variables: declared.enumerated().map { Environment.Variable(name: $1.0, type: $1.1, slot: $0) },
    constants: [
      Environment.Constant(
        name: "trusted_partners", type: .list(.string), value: .list([.string("acme"), .string("globex")]))
    ])

  static func check(_ source: String, expecting: CELType? = nil) throws(ExpressionDiagnostics)
    -> CheckedExpression
  {
    try Expression.parse(source).check(in: environment, expecting: expecting)
  }

  /// Errors and warnings as text, one a line: `code [source under the span] message | hint`.
  static func findings(_ source: String, expecting: CELType? = nil) -> [String] {
    let found: [ExpressionDiagnostic]
    do { found = try check(source, expecting: expecting).warnings } catch { found = error.all }
    let bytes = Array(source.utf8)
    return found.map { finding in
      let under = String(decoding: bytes[finding.span.clamped(to: 0..<bytes.count)], as: UTF8.self)
      let severity = finding.severity == .warning ? "warning: " : ""
      return "\(severity)\(finding.code) [\(under)] \(finding.message)"
        + (finding.hint.map { " | \($0)" } ?? "")
    }
  }
}
