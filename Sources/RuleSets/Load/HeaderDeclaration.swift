internal import CEL

/// What `ruleset.yaml` says.
struct HeaderDeclaration: Sendable {
  var name = ""
  var description: String?
  var thresholds = Thresholds(review: 1, block: 1)
  var unavailable = Outcome.review
  var durability = Durability.primary
  var breaker: Breaker?
  var latenessMilliseconds: Int64 = 3_600_000
  var futureSkewMilliseconds: Int64 = 300_000
  var expressionStepsMax = RuleSetLimits.expressionSteps

  init(_ root: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(root, "`ruleset.yaml`", findings) else { return }
    if let text = reader.require("ruleset", hint: "the rule set's name, such as `ruleset: rewards`")?.text(
      findings),
      NameCheck.check(text, as: .identifier, "a rule set", findings)
    {
      name = text.value
    }
    description = reader.take("description")?.text(findings)?.value
    if let node = reader.require("decision", hint: "write `decision: {review: 40, block: 80}`") {
      readThresholds(node, findings)
    }
    if let node = reader.take("unavailable") { unavailable = node.choice(findings)?.value ?? .review }
    if let node = reader.take("durability") { durability = node.choice(findings)?.value ?? .primary }
    if let node = reader.take("breaker") { breaker = Breaker(node, findings) }
    if let node = reader.take("max_expression_steps") {
      let steps = node.integer(findings, in: 1...RuleSetLimits.expressionStepsMax)
      expressionStepsMax = steps?.value ?? expressionStepsMax
    }
    let span = 0...RuleSetLimits.spanMillisecondsMax
    let nodes = (lateness: reader.take("max_lateness"), skew: reader.take("max_future_skew"))
    let lateness = nodes.lateness?.duration(findings, in: span)
    let skew = nodes.skew?.duration(findings, in: span)
    reader.finish()
    latenessMilliseconds = lateness?.value ?? latenessMilliseconds
    futureSkewMilliseconds = skew?.value ?? futureSkewMilliseconds
    // A span that could not be read was reported and is compared with nothing.
    guard (nodes.lateness == nil) == (lateness == nil), (nodes.skew == nil) == (skew == nil) else { return }
    if let place = lateness?.place ?? skew?.place { checkReach(at: place, findings) }
  }

  /// An event that is dated ahead makes those of the right time late by as much.
  private func checkReach(at place: Diagnostic.Place, _ findings: Findings) {
    guard latenessMilliseconds < futureSkewMilliseconds else { return }
    let lateness = DurationLiteral.text(latenessMilliseconds)
    let skew = DurationLiteral.text(futureSkewMilliseconds)
    findings.error(
      .outOfRange, at: place,
      "an event dated `\(skew)` ahead makes those of the right time later than `max_lateness`, which is "
        + "`\(lateness)`",
      hint: "let `max_lateness` be `\(skew)` at least, or `max_future_skew` be `\(lateness)` at most")
  }

  private mutating func readThresholds(_ node: SourceNode, _ findings: Findings) {
    guard var reader = MappingReader(node, "`decision`", findings) else { return }
    let range = 1...RuleSetLimits.thresholdMax
    let review = reader.require("review")?.integer(findings, in: range)
    let block = reader.require("block")?.integer(findings, in: range)
    reader.finish()
    guard let review, let block else { return }
    guard review.value <= block.value else {
      findings.error(
        .outOfRange, at: block.place,
        "an event would be blocked from \(block.value) and reviewed only from \(review.value)",
        hint: "`review` is the lower of the two",
        notes: [Diagnostic.Note("`review` is here", at: review.place)])
      return
    }
    thresholds = Thresholds(review: review.value, block: block.value)
  }
}
