/// An expression that can be evaluated any number of times, from any number of threads.
///
/// It has two forms. The plan is walked as a tree and is the reference; the flat program is a few dozen bytes of steps
/// over slots that answers the usual questions without making values. Whatever the flat program cannot tell, the
/// reasons of failures above all, the plan is asked.
public struct Program: Sendable {
  private let forms: Forms

  /// A class, so that a program is handed around for one reference.
  private final class Forms: Sendable {
    let plan: Plan
    let types: [Int: CELType]
    let flat: FlatProgram?

    init(_ plan: Plan, _ environment: Environment) {
      self.plan = plan
      types = environment.typesOfNumbers
      flat = FlatProgram(plan, types: types)
    }

    init(_ plan: Plan, types: [Int: CELType]) {
      self.plan = plan
      self.types = types
      flat = FlatProgram(plan, types: types)
    }
  }

  /// The form that is walked as a tree.
  var plan: Plan { forms.plan }
  /// The types of slots that hold numbers, as the environment declares them.
  var types: [Int: CELType] { forms.types }
  /// The form that runs; nil where all of it would be left to the plan.
  var flat: FlatProgram? { forms.flat }

  /// Reports constants that can never work: patterns that do not compile, time zones that do not exist; and a bound on
  /// the steps beyond `Limits.stepsBoundMax`.
  public init(
    _ checked: CheckedExpression, in environment: Environment
  ) throws(ExpressionDiagnostics) {
    var builder = PlanBuilder(checked.expression, checked.references, environment)
    let plan = builder.build()
    guard builder.diagnostics.isEmpty else { throw ExpressionDiagnostics(builder.diagnostics) }
    if let costly = Program.costFinding(plan, checked.expression.source, environment) {
      throw ExpressionDiagnostics([costly])
    }
    forms = Forms(plan, environment)
  }

  /// Without a check: names are resolved here all the same, but unknown names, functions and types are errors of
  /// the evaluation, and only when they are met.
  public init(unchecked expression: Expression, in environment: Environment) {
    var builder = PlanBuilder(expression, [], environment)
    forms = Forms(builder.build(), environment)
  }

  /// A plan that was made of another program's.
  init(_ plan: Plan, types: [Int: CELType]) { forms = Forms(plan, types: types) }

  /// The value of the expression for the variables of `frame`.
  public func evaluate(_ frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    if let value = forms.flat?.value(in: frame) { return value }
    return try walk(frame)
  }

  /// Whether a rule's condition holds; a value that is no bool is an error.
  public func holds(_ frame: borrowing Frame) throws(EvaluationFailure) -> Bool {
    // Not unwrapped first: the reference would be counted up and down.
    switch forms.flat?.truth(in: frame) {
    case .holds: return true
    case .fails: return false
    case .missing:
      if let slot = forms.flat?.missingSlot(in: frame) { throw .unknown(slots: [slot]) }
    case .open, .value, .toldFails, nil: break
    }
    return try walkCondition(frame)
  }

  /// Whether the flat form answers for this frame, be it that the condition is unknown.
  package func isAnsweredFlat(_ frame: borrowing Frame) -> Bool {
    switch forms.flat?.truth(in: frame) {
    case .holds, .fails, .missing: true
    case .open, .value, .toldFails, nil: false
    }
  }

  /// The value as the tree walker finds it: the reference for `evaluate(_:)`.
  package func walk(_ frame: borrowing Frame) throws(EvaluationFailure) -> Value {
    var evaluation = Evaluation(forms.plan)
    return try evaluation.value(of: forms.plan.root, in: frame)
  }

  /// Whether the condition holds as the tree walker finds it: the reference for `holds(_:)`.
  package func walkCondition(_ frame: borrowing Frame) throws(EvaluationFailure) -> Bool {
    let value = try walk(frame)
    guard case .bool(let bool) = value else {
      let message = "a condition must be a `bool`, not a `\(value.runtimeType.runtimeName)`"
      throw .error(
        EvaluationError(code: .noSuchOverload, message: message, span: plan.nodes[plan.root].span))
    }
    return bool
  }
}

extension Environment {
  /// By slot: whether it is declared as an int or a double.
  fileprivate var typesOfNumbers: [Int: CELType] {
    var types: [Int: CELType] = [:]
    for variable in variables where variable.type == .int || variable.type == .double {
      types[variable.slot] = variable.type
    }
    return types
  }
}
