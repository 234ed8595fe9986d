internal import RuleSets

/// `rules/*.yaml`
extension RuleFileSchema {
  static let ruleFile = JSONSchema.object([
    .init("rules", .list(of: ruleBody).described("The rules; their order has no meaning."), isRequired: true)
  ]).described("Rules: conditions over fields and features, and what they do when they hold.")

  /// The keys of a rule, in the order in which they are written.
  static let rule: [JSONSchema.Key] =
    [
      .init(
        "id",
        .identifier.described(
          "Lower-case letters, digits and `-`; unique in the rule set. Decisions name it."),
        isRequired: true),
      .init(
        "title", .text(most: RuleSetLimits.titleBytesMax).described("One line that says what it finds."),
        isRequired: true),
      .init(
        "family",
        .words(Rule.Family.allCases.map(\.rawValue)).described("What kind of evidence it looks at."),
        isRequired: true),
      .init("on", .eventTypes.described("The event types it looks at, or `any`."), isRequired: true),
      .init(
        "when",
        .expression.described(
          "The condition: a CEL expression over fields, features and lists, such as `payouts_24h > 3`."),
        isRequired: true),
    ] + policies + effects + limits + remarks

  private static let policies: [JSONSchema.Key] = [
    .init(
      "on_missing",
      policy("What happens when a field or a feature is missing and the condition has no answer.", .skip)),
    .init("on_error", policy("What happens when the condition fails, as a division by zero does.", .review)),
    .init("unavailable", .outcome.described("The least outcome when state cannot be read.")),
  ]

  private static let effects: [JSONSchema.Key] = [
    .init(
      "score", .integer(1...RuleSetLimits.scoreMax).described("What it adds to the score when it fires.")),
    .init("decide", .outcome.described("The outcome when it fires, whatever the score.")),
    .init(
      "status",
      .words(Rule.Status.allCases.map(\.rawValue)).described(
        "`shadow`: reported, without effect. `off`: not evaluated."
      )
      .defaulting(to: .string(Rule.Status.live.rawValue))),
  ]

  private static let limits: [JSONSchema.Key] = [
    .init("from", .moment.described("The event time from which on it holds.")),
    .init("until", .moment.described("The event time before which it holds.")),
    .init(
      "sample",
      .object([
        .init(
          "percent", .percentage.described("How many of the keys; two decimal places."), isRequired: true),
        .init("of", .fieldName.described("The field whose values are drawn."), isRequired: true),
      ]).described("Only a stable part of the keys: widening it keeps its members.")),
  ]

  private static let remarks: [JSONSchema.Key] = [
    .init(
      "reason",
      .text(most: RuleSetLimits.textBytesMax).described(
        "What the decision says; `{name}` shows a field or a feature, `{{` is a brace. Default: the title.")),
    .init(
      "suppress",
      .list(
        of: .object([
          .init("field", .fieldName.described("Whose value is looked at."), isRequired: true),
          .init("equals", .scalar.described("The value for which the rule does nothing."), isRequired: true),
          .init("until", .moment.described("Suppressions end."), isRequired: true),
          .init("reason", .text.described("Why, for whoever reads it later."), isRequired: true),
        ])
      ).with("maxItems", .number(String(RuleSetLimits.listedMax)))
        .described("Keys for which it does nothing for a while.")),
    .init("tags", .texts().described("Words to group rules by.")),
    .init("references", .texts().described("Where the rule comes from.")),
    .init("false_positives", .texts().described("Honest behaviour that fires it.")),
    .init("description", .description),
    .init(
      "tests",
      .list(of: .object(ruleTest)).described("Tests about this rule; no part of the rule set's version.")),
  ]

  private static func policy(_ text: String, _ standard: Rule.FailurePolicy) -> JSONSchema {
    .words(Rule.FailurePolicy.allCases.map(\.rawValue)).described(text)
      .defaulting(to: .string(standard.rawValue))
  }

  private static let ruleBody = JSONSchema.object(rule).with(
    "anyOf", .array([JSONSchema.requiring(["score"]).json, JSONSchema.requiring(["decide"]).json]))
}
