package import CEL
internal import RuleSets

/// Shows what is wrong with an expression under the expression itself.
package enum ExpressionReport {
  /// How the expression is called where a file's name would stand.
  private static let place = "expression"

  /// The findings with the expression, a caret and a hint each.
  package static func text(_ diagnostics: [ExpressionDiagnostic], of expression: String, color: Bool)
    -> String
  {
    render(
      diagnostics.map { found in
        Diagnostic(
          code: found.code, severity: found.severity == .error ? .error : .warning,
          at: .init(file: place, span: found.span), message: found.message, hint: found.hint)
      }, of: expression, color: color)
  }

  /// The failure of an evaluation at its place in the expression.
  package static func text(_ error: EvaluationError, of expression: String, color: Bool) -> String {
    let diagnostic = Diagnostic(
      code: error.code.rawValue, at: .init(file: place, span: error.span), message: error.message)
    return render([diagnostic], of: expression, color: color)
  }

  private static func render(_ diagnostics: [Diagnostic], of expression: String, color: Bool) -> String {
    var sources = SourceFiles()
    sources.add(place, bytes: Array(expression.utf8))
    let renderer = DiagnosticRenderer(sources: sources, color: color)
    return diagnostics.map { renderer.text($0) }.joined(separator: "\n")
  }
}
