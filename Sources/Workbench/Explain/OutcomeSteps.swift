internal import Assay
internal import RuleSets

/// How a decision's score and outcome came about, told by the decision itself.
enum OutcomeSteps {
  static func of(_ decision: Decision, _ thresholds: Thresholds) -> [Explanation.Step] {
    var steps: [Explanation.Step] = []
    for reason in decision.reasons where reason.score > 0 {
      steps.append(Explanation.Step(effect: "+\(reason.score)", rule: reason.rule, text: reason.text))
    }
    steps.append(Explanation.Step(effect: "", rule: nil, text: score(decision.score, thresholds)))
    for reason in decision.reasons {
      guard let outcome = reason.decide else { continue }
      let consequence =
        outcome == .allow
        ? "takes back what the score alone would do" : "decides outright, whatever the score"
      steps.append(
        Explanation.Step(
          effect: outcome.rawValue, rule: reason.rule, text: reason.text + "; " + consequence))
    }
    for unknown in decision.notEvaluated {
      guard let floor = unknown.floor else { continue }
      steps.append(
        Explanation.Step(
          effect: "at least \(floor.rawValue)", rule: unknown.rule, text: "has no answer: \(unknown.why)"))
    }
    for hit in decision.shadow {
      let effect = hit.decide?.rawValue ?? "+\(hit.score)"
      steps.append(
        Explanation.Step(
          effect: "", rule: hit.rule, text: "fired in shadow, would have been \(effect): no effect"))
    }
    if let change = decision.breaker {
      steps.append(
        Explanation.Step(
          effect: decision.outcome.rawValue, rule: nil,
          text:
            "the breaker changed the outcome from \(change.insteadOf.rawValue): \(change.blocks) of the last "
            + "\(change.decisions) decisions would have been blocks"))
    }
    return steps + marks(decision)
  }

  private static func score(_ score: Int, _ thresholds: Thresholds) -> String {
    let reached =
      score >= thresholds.block
      ? "reaches block" : score >= thresholds.review ? "reaches review" : "reaches nothing"
    return "score \(score) \(reached): review from \(thresholds.review), block from \(thresholds.block)"
  }

  private static func marks(_ decision: Decision) -> [Explanation.Step] {
    var texts: [String] = []
    if let degraded = decision.degraded { texts.append("degraded: \(degraded)") }
    if decision.late { texts.append("late: the event came after newer ones by more than `max_lateness`") }
    if decision.dryRun { texts.append("dry run: nothing was recorded") }
    if decision.recomputed { texts.append("recomputed: the event was seen before, without a decision") }
    for (mark, names) in [
      ("saturated", decision.saturated), ("warming", decision.warming), ("approximate", decision.approximate),
      ("unlisted", decision.unlisted),
    ] where !names.isEmpty {
      texts.append("\(mark): \(names.joined(separator: ", "))")
    }
    return texts.map { Explanation.Step(effect: "", rule: nil, text: $0) }
  }
}
