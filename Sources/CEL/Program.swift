/// An expression that can be evaluated any number of times, from any number of threads.
///
/// This evaluator walks the tree and is the reference for every faster form: `holds(_:)` first asks a condition made
/// of plain comparisons and falls back to the walk whenever that cannot say yes or no.
public struct Program: Sendable {
  private let plan: Plan
  private let condition: Condition?

  /// Reports constants that can never work: patterns that do not compile, time zones that do not exist.
  public init(
    _ checked: CheckedExpression, in environment: Environment
  ) throws(ExpressionDiagnostics) {
    var builder = PlanBuilder(checked.expression, checked.references, environment)
    plan = builder.build()
    guard builder.diagnostics.isEmpty else { throw ExpressionDiagnostics(builder.diagnostics) }
    condition = Condition(plan)
  }

  /// Without a check: names are resolved here all the same, but unknown names, functions and types are errors of
  /// the evaluation, and only when they are met.
  public init(unchecked expression: Expression, in environment: Environment) {
    var builder = PlanBuilder(expression, [], environment)
    plan = builder.build()
    condition = Condition(plan)
  }

  /// The value of the expression for the variables of `frame`.
  public func evaluate(_ frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    var evaluation = Evaluation(plan)
    return try evaluation.value(of: plan.root, in: frame)
  }

  /// Whether a rule's condition holds; a value that is no bool is an error.
  public func holds(_ frame: borrowing Frame) throws(EvaluationFailure) -> Bool {
    // Not unwrapped first: the reference would be counted up and down.
    switch condition?.truth(in: frame) {
    case .holds: return true
    case .fails: return false
    case .missing: throw .unknown(slots: condition?.missingSlots(in: frame) ?? [])
    case .open, nil: break
    }
    let value = try evaluate(frame)
    guard case .bool(let bool) = value else {
      let message = "a condition must be a `bool`, not a `\(value.runtimeType.runtimeName)`"
      throw .error(
        EvaluationError(code: .noSuchOverload, message: message, span: plan.nodes[plan.root].span))
    }
    return bool
  }
}
