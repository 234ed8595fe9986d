internal import RuleSets

/// `tests/streams.yaml`
extension RuleFileSchema {
  static let streamFile = JSONSchema.object([
    .init(
      "rules",
      .map(of: count, names: nil).described("By rule: how often it fires over the whole stream.")),
    .init(
      "outcomes",
      .map(of: count, names: "^(" + Outcome.allCases.map(\.rawValue).joined(separator: "|") + ")$")
        .described("By outcome: how many events get it.")),
    .init(
      "unexpected",
      .words(StreamExpectations.Unexpected.allCases.map(\.rawValue))
        .described("What is said of a rule that fires and is not named under `rules`.")
        .defaulting(to: .string(StreamExpectations.Unexpected.fail.rawValue))),
  ]).with("anyOf", .array([JSONSchema.requiring(["rules"]).json, JSONSchema.requiring(["outcomes"]).json]))
    .described("What a recorded stream of events must come to.")

  /// A number alone is `exactly` so many.
  private static let count = JSONSchema.anyOf([
    .integer(countRange),
    .object([
      .init("exactly", .integer(countRange).described("Neither more nor less.")),
      .init("at_least", .integer(countRange).described("So many or more.")),
      .init("at_most", .integer(countRange).described("So many or less.")),
    ]),
  ])

  private static let countRange = 0...RuleSetLimits.streamCountMax
}
