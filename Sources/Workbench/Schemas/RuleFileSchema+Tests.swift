internal import RuleSets

/// `tests/*.yaml`
extension RuleFileSchema {
  static let testFile = JSONSchema.object([
    .init(
      "defaults", eventMembers("Members of every event in this file; a test or an event may override them.")),
    .init("clock", clock),
    .init(
      "tests", .list(of: testBody).described("The tests, each with a clock of its own."), isRequired: true),
  ]).described("The authors' own tests: events with a clock, and what is expected of them.")

  private static let unknownMembers = JSONSchema.flag.described(
    "Whether enumerations may have other members than the schema says, where the test is about such an event."
  ).defaulting(to: .bool(false))

  private static let clock = JSONSchema.moment.described("Where `at` counts from.")
    .defaulting(to: .string("2026-01-05T12:00:00Z"))

  private static func eventMembers(_ text: String) -> JSONSchema {
    .map(of: .anything, names: nil).described(text)
  }

  /// The keys of a test, in the order in which they are written.
  static let test: [JSONSchema.Key] = [
    .init(
      "name", .text(most: RuleSetLimits.titleBytesMax).described("What the test shows."), isRequired: true),
    .init(
      "rule", .identifier.described("The rule that the test is about: its last event must fire it, or not.")),
    .init("fires", .flag.described("Whether the last event fires the rule.")),
    .init("expect", expectation("What the decision about the last event must say.")),
    .init(
      "lists",
      .map(of: .list(of: .scalar), names: nil).described("Lists that have other items in this test.")),
    .init("clock", clock),
    .init("defaults", eventMembers("Members of every event of the test.")),
    .init("unknown_members", unknownMembers),
    .init(
      "events", .list(of: .object(event), least: 1).described("What comes in, in this order."),
      isRequired: true),
  ]

  /// The keys of a test that stands in the rule that it is about.
  static let ruleTest = test.filter { $0.name != "rule" }

  private static let testBody = JSONSchema.object(test).with(
    "dependencies",
    .object([.init("rule", .array([.string("fires")])), .init("fires", .array([.string("rule")]))]))

  /// The keys of a test's event, in the order in which they are written.
  static let event: [JSONSchema.Key] = [
    .init(
      "type",
      .eventType.described(
        "The event's type; left out where the schema says `always`, or the test's rule looks at one type.")),
    .init(
      "at",
      .anyOf([.matching(offsetPattern), .moment]).described(
        "When: how long after the clock, or a moment. Default: where the last one stood.")),
    .init("id", .text(most: 128).described("The event's id. Default: numbered.")),
    .init(
      "repeat",
      .integer(1...RuleSetLimits.testEventsMax).described("How often it comes.").defaulting(to: .number("1"))),
    .init(
      "every", .duration.described("How much time is between its repetitions.").defaulting(to: .string("0s"))),
    .init("with", eventMembers("Members by dotted path, any JSON value; null takes a default away.")),
    .init("unknown_members", unknownMembers),
    .init("reverses", .text.described("The id of the event that this one takes back.")),
    .init("amends", .text.described("The id of the event that this one changes.")),
    .init("expect", expectation("What the decision must say; holds for each repetition.")),
  ]

  private static let offsetPattern = "^[-+]*" + JSONSchema.durationPattern.dropFirst()

  private static func expectation(_ text: String) -> JSONSchema {
    JSONSchema.object(expectations).described(text)
  }

  private static let expectations: [JSONSchema.Key] = [
    .init("outcome", .outcome.described("The outcome.")),
    .init("score", .integer(0...Int(Int32.max)).described("The score.")),
    .init("fired", .texts().described("Exactly these rules fire, live and shadow, in any order.")),
    .init("not_fired", .texts().described("None of these rules fires.")),
    .init("shadow", .texts().described("Exactly these shadow rules fire, in any order.")),
    .init("not_evaluated", .texts().described("These rules, and perhaps others, have no answer.")),
    .init(
      "features",
      .map(of: .types(["string", "number", "boolean", "null"]), names: nil)
        .described("Features and their values; null for one that is missing.")),
  ]
}
