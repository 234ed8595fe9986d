import Assay
import RuleSets
import TestSupport
import Testing

/// An expression that spends its budget is an error up to the decision, never "no match".
@Suite struct SpentBudgetTests {
  private static let schema = """
    event: {id: id, type: type, time: time}
    types: [payout]
    fields:
      user: {type: string, required: true}
      labels: {type: list, of: string, required: true}
    """

  /// A thousand labels of a thousand letters, each compared with each other: some 60 million steps.
  private static let event: String = {
    let label = "\"" + String(repeating: "a", count: 990) + "\""
    let labels = Array(repeating: label, count: 1_000).joined(separator: ",")
    return #"{"id":"1","type":"payout","time":"2026-01-05T12:00:00Z","user":"u","labels":[\#(labels)]}"#
  }()

  private static let condition = #"labels.exists(a, labels.exists(b, a + "b" == b))"#

  private static func decide(_ keys: String, head: String = "") throws -> Decision {
    let rules = try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: small\ndecision: {review: 40, block: 80}\n" + head, "schema.yaml": schema,
      "features.yaml": "features: {}",
      "rules/all.yaml": """
      rules:
        - {id: pairs, title: Pairs, family: behaviour, on: payout, when: '\(condition)', score: 50\(keys)}
        - {id: fine, title: Fine, family: behaviour, on: payout, when: size(labels) > 3, score: 1}
      """,
    ])
    return try Engine(rules: rules).decide(event)
  }

  @Test(arguments: [
    ("", Outcome.review), (", on_error: block", .block), (", on_error: skip", .allow),
  ])
  func theDecisionSaysSo(keys: String, outcome: Outcome) throws {
    let decision = try Self.decide(keys)
    #expect(decision.outcome == outcome)
    #expect(decision.reasons.map(\.rule) == ["fine"], "the other rules are evaluated all the same")
    let unanswered = try #require(decision.notEvaluated.first)
    #expect(unanswered.rule == "pairs" && unanswered.cause == .error)
    #expect(unanswered.detail == "the evaluation takes more steps than allowed")
  }

  /// Whoever wants to be sure has expressions refused that could spend it.
  @Test func aRuleSetMayRefuseSuchExpressions() throws {
    let failure = #expect(throws: RuleSetErrors.self) {
      try Self.decide("", head: "max_expression_steps: 250000\n")
    }
    #expect(failure?.findings.all.map(\.code) == ["cel-too-costly"])
  }
}
