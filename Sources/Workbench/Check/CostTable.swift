internal import CEL
internal import RuleSets

/// How many steps the expressions of a rule set take at most, the costliest first.
struct CostTable {
  let costs: [ExpressionCost]
  /// What one evaluation may take.
  private let budget = Limits().stepsMax

  init(_ rules: RuleSet) { costs = rules.expressionCosts }

  /// A line for each rule and each feature with an expression.
  var lines: [String] {
    var lines = ["steps that one event takes at most, where an evaluation may take \(budget):"]
    for cost in costs {
      let steps = cost.stepsMax.map(String.init) ?? "unbounded"
      lines.append(
        "  \(cost.owner.rawValue.padded(to: 7)) \(cost.name.padded(to: 28)) \(steps)"
          + (isWithinBudget(cost) ? "" : "  may spend its budget"))
    }
    return lines
  }

  var json: JSONValue {
    .object([
      .init("budget", .number(String(budget))),
      .init(
        "expressions",
        .array(
          costs.map { cost in
            .object([
              .init("owner", .string(cost.owner.rawValue)), .init("name", .string(cost.name)),
              .init("steps_max", cost.stepsMax.map { .number(String($0)) } ?? .null),
              .init("within_budget", .bool(isWithinBudget(cost))),
            ])
          })),
    ])
  }

  /// A feature's sum stands for two evaluations, each of which has a budget; the sum is the stricter test.
  private func isWithinBudget(_ cost: ExpressionCost) -> Bool { cost.stepsMax.map { $0 <= budget } ?? false }
}
