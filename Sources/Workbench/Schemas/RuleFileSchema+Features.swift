internal import RuleSets
internal import Windows

/// `features.yaml` and `lists.yaml`
extension RuleFileSchema {
  static let featureFile = JSONSchema.object([
    .init(
      "features",
      .anyOf([
        .types(["null"]),
        .map(of: featureBody, names: JSONSchema.variablePattern, bytesMax: RuleSetLimits.nameBytesMax),
      ]).described("Names, which conditions read, and what each counts."),
      isRequired: true)
  ]).described("Windowed features: exact to the millisecond, the event itself included.")

  static let listFile = JSONSchema.object([
    .init(
      "lists",
      .anyOf([
        .types(["null"]),
        .map(of: list, names: JSONSchema.variablePattern, bytesMax: RuleSetLimits.nameBytesMax),
      ]).described("Names, and the values of each."),
      isRequired: true)
  ]).described("Named lists, for conditions such as `device.model in emulator_models`.")

  private static let values = JSONSchema.list(of: .types(["string", "number"])).described(
    "Values of one type.")

  private static let list = JSONSchema.anyOf([
    values,
    JSONSchema.object([
      .init(
        "file",
        .text.described("One value a line, `#` starts a comment; the path is relative to the rule set.")),
      .init("items", values),
      .init(
        "type",
        .words(["string", "int", "double", "cidr"]).described(
          "What each value is; `cidr`: ranges of addresses, for `LIST.containsIP(ADDRESS)`."),
        isRequired: true),
    ]).with("oneOf", .array([JSONSchema.requiring(["file"]).json, JSONSchema.requiring(["items"]).json])),
  ])

  private static let counting: [(Aggregation, String)] = [
    (.count, "How many events."),
    (.sinceFirst, "The time since the earliest event in the window."),
    (.sinceLast, "The time since the latest event before this one."),
    (.gapMean, "The mean time between neighbouring events."),
    (.gapVariation, "How much the times between neighbouring events vary: standard deviation by mean."),
  ]
  private static let valued: [(Aggregation, String)] = [
    (.sum, "The exact sum of a field or an expression."),
    (.mean, "The mean of a field or an expression."),
    (.min, "The least value of a field or an expression."),
    (.max, "The greatest value of a field or an expression."),
    (.stddev, "The standard deviation (of the population) of a field or an expression."),
    (.distinct, "How many different values of a field or an expression."),
    (.first, "The value of a field or an expression in the earliest record."),
    (.share, "The part of the records for which a condition holds."),
  ]

  /// The keys of a feature, in the order in which they are written.
  static let feature: [JSONSchema.Key] =
    [.init("description", .description)]
    + counting.map {
      .init($0.rawValue, .eventTypes.described("\($1) Event types, or `any`."))
    }
    + valued.map { .init($0.rawValue, .expression.described($1)) }
    + [
      .init(
        "of",
        .eventTypes.described("The event types that count, for aggregations of a value.")
          .defaulting(to: .string("any"))),
      .init(
        "by",
        .texts(.fieldName, least: 1).described(
          "The field or the fields whose values make the key: whose window it is."),
        isRequired: true),
      .init("over", .duration.described("How far back the window reaches.")),
      .init(
        "last",
        .anyOf([.integer(1...RuleSetLimits.recordsMax), .expression]).described(
          "Beside another aggregation: only the newest so many records. Alone: the value of a field or an expression in the latest record before this event."
        )),
      .init(
        "delay", .duration.described("Reads the window that ended so long ago.").defaulting(to: .string("0s"))
      ),
      .init("where", .expression.described("Which events count: a condition over the event.")),
      .init(
        "including_current",
        .flag.described("Whether the event itself counts.").defaulting(to: .bool(true))),
      .init(
        "counting",
        .words(["attempts", "accepted"]).described("`accepted`: without events that this rule set blocked.")
          .defaulting(to: .string("attempts"))),
      .init(
        "precision",
        .matching("^ *[0-9]+ +panes *$").described(
          "`60 panes`: a `count` or `sum` in constant size, for keys that are hot by nature; the decision says `approximate`."
        )),
      .init(
        "limit",
        .integer(1...RuleSetLimits.recordsMax).described("Exact up to so many records.")
          .defaulting(to: .number("4096"))),
      .init("empty", .scalar.described("The value of an empty window.")),
      .init("export", .flag.described("Keep it although no rule reads it.").defaulting(to: .bool(false))),
    ]

  private static let featureBody: JSONSchema = {
    let named = (counting + valued).map(\.0.rawValue)
    let alone = JSONSchema([
      .init("required", .array([.string("last"), .string("over")])),
      .init("not", JSONSchema.anyOf(named.map { .requiring([$0]) }).json),
      .init("properties", .object([.init("last", JSONSchema.expression.json)])),
    ])
    let aggregations = named.map { name in
      JSONSchema([
        .init("required", .array([.string(name)])),
        .init("anyOf", .array([JSONSchema.requiring(["over"]).json, JSONSchema.requiring(["last"]).json])),
        .init(
          "properties",
          .object(
            [.init("last", JSONSchema.integer(1...RuleSetLimits.recordsMax).json)]
              + (counting.contains { $0.0.rawValue == name } ? [.init("of", .bool(false))] : []))),
      ])
    }
    return JSONSchema.object(feature).with("oneOf", .array((aggregations + [alone]).map(\.json)))
  }()
}
