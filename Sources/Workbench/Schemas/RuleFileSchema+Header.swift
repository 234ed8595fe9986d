internal import RuleSets

/// `ruleset.yaml`
extension RuleFileSchema {
  static let header = JSONSchema.object([
    .init(
      "ruleset",
      .identifier.described(
        "The rule set's name: lower-case letters, digits and `-`. Windows are kept under it."),
      isRequired: true),
    .init("description", .description),
    .init(
      "decision",
      .object([
        .init(
          "review",
          .integer(1...RuleSetLimits.thresholdMax).described("From this score on an event is reviewed."),
          isRequired: true),
        .init(
          "block",
          .integer(1...RuleSetLimits.thresholdMax).described("From this score on an event is blocked."),
          isRequired: true),
      ]).described("Scores from which an event is reviewed and blocked; `review` is not above `block`."),
      isRequired: true),
    .init(
      "unavailable",
      .outcome.described("The least outcome when state cannot be read; a rule may say otherwise.")
        .defaulting(to: .string(Outcome.review.rawValue))),
    .init(
      "durability",
      .words(Durability.allCases.map(\.rawValue))
        .described("When a record in Redis counts as written: on the primary, or with a replica too.")
        .defaulting(to: .string(Durability.primary.rawValue))),
    .init("breaker", breaker),
    .init(
      "max_lateness",
      .duration.described("How far an event may lag and still see exact windows; at least `max_future_skew`.")
        .defaulting(to: .string("1h"))),
    .init(
      "max_expression_steps",
      .integer(1...RuleSetLimits.expressionStepsMax)
        .described("What every expression may take at most; `assay check --cost` shows what each takes.")
        .defaulting(to: .number(String(RuleSetLimits.expressionSteps)))),
    .init(
      "max_future_skew",
      .duration.described("How far ahead of the wall clock a live event may be dated.")
        .defaulting(to: .string("5m"))),
  ]).described("What a rule set is called, and from which scores on it reviews and blocks.")

  private static let breaker = JSONSchema.object([
    .init(
      "percent", .percentage.described("The share of blocks up to which they stand; two decimal places."),
      isRequired: true),
    .init(
      "within", .duration.described("Over how much time, by the times of the events; at most a day."),
      isRequired: true),
    .init(
      "at_least",
      .integer(1...RuleSetLimits.breakerDecisionsMax)
        .described("Below so many decisions every block stands.").defaulting(to: .number("100"))),
  ]).described(
    "While more than this share of decisions are blocks, blocks become reviews. A mistake must not block everybody."
  )
}
