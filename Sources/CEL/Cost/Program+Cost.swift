extension Program {
  /// The most steps that an evaluation takes where no variable's value is larger than `environment.sizes` say; nil where
  /// nothing bounds it. An expression whose bound is at most `Limits.stepsMax` never spends its budget.
  public func stepsBound(in environment: Environment) -> Int? {
    var estimator = CostEstimator(plan, environment)
    return estimator.steps().last?.bounded
  }

  /// The value as `evaluate(_:)` gives it, and the steps that it took.
  package func measure(
    _ frame: borrowing Frame
  ) -> (outcome: Result<Value, EvaluationFailure>, steps: Int) {
    var evaluation = Evaluation(plan)
    do throws(EvaluationFailure) {
      let value = try evaluation.value(of: plan.root, in: frame)
      return (.success(value), plan.stepsMax - evaluation.budget.left)
    } catch {
      return (.failure(error), plan.stepsMax - evaluation.budget.left)
    }
  }

  /// What is said when the plan's bound is beyond `limits.stepsBoundMax`, at the innermost part that is; nil otherwise.
  static func costFinding(
    _ plan: Plan, _ source: String, _ environment: Environment
  ) -> ExpressionDiagnostic? {
    guard let stepsMax = environment.limits.stepsBoundMax else { return nil }
    var estimator = CostEstimator(plan, environment)
    let steps = estimator.steps()
    // What is not asked for, such as the members of a list that were made a set, costs a visit and no more.
    guard let whole = steps.last, whole > StepCount(stepsMax),
      let index = steps.firstIndex(where: { $0 > StepCount(stepsMax) })
    else { return nil }
    let span = plan.nodes[index].span
    let bytes = Array(source.utf8)
    let text = String(decoding: bytes[span.clamped(to: 0..<bytes.count)], as: UTF8.self).shortened
    let limit = "at most \(stepsMax) are allowed"
    guard let bound = steps[index].bounded else {
      return ExpressionDiagnostic(
        .tooCostly, span, "nothing bounds the steps of `\(text)`, and \(limit)",
        hint: "declare how large its values are at most")
    }
    return ExpressionDiagnostic(
      .tooCostly, span, "`\(text)` may take \(bound) steps, and \(limit)",
      hint: "go through fewer lists within lists, or through shorter ones")
  }
}
