internal import RuleSets

/// The forms of names, spans of time and the like, as patterns of JSON Schema; the loader is the judge of what they mean.
extension JSONSchema {
  static let durationPattern =
    "^(?=.)([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"
  static let momentPattern =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"
  static let variablePattern = "^[A-Za-z_][A-Za-z0-9_]*$"
  static let pathPattern = "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"

  static let duration = matching(durationPattern).with(
    "examples", .array(["30s", "10m", "24h", "7d", "1h30m"].map { .string($0) }))
  static let moment = matching(momentPattern).with("examples", .array([.string("2026-05-01T10:00:00Z")]))
  /// The name of a rule or a rule set.
  static let identifier = matching("^[a-z0-9][a-z0-9-]*$", most: RuleSetLimits.nameBytesMax)
  /// A field of the schema.
  static let fieldName = matching(pathPattern, most: RuleSetLimits.pathBytesMax)
  /// A place in the JSON.
  static let member = matching("^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$", most: RuleSetLimits.pathBytesMax)
  static let eventType = matching("^[A-Za-z0-9_.-]+$", most: RuleSetLimits.nameBytesMax)
  static let eventTypes = texts(eventType, least: 1)
  /// `true` and numbers are expressions too.
  static let expression = types(["string", "number", "boolean"])
  static let scalar = types(["string", "number", "boolean"])
  static let outcome = words(Outcome.allCases.map(\.rawValue))
  static let percentage = JSONSchema([
    .init("type", .string("number")), .init("minimum", .number("0")), .init("maximum", .number("100")),
  ])
  static let description = text(most: RuleSetLimits.textBytesMax).described(
    "For whoever reads it; without effect.")
}
