internal import Events
internal import RuleSets
internal import Windows

/// A condition that a rule set's own words can say, with events that fire it and events that do not.
struct ExampleCondition {
  let text: String
  /// What the decision shows of it.
  let reason: String?
  /// Members of the events, as YAML.
  let fires: [(path: String, value: String)]
  let spares: [(path: String, value: String)]
  /// How many events come before the one that counts.
  let before: Int

  /// A field that has another value in each event.
  var varied: (path: String, values: [String])?

  /// From what suits the family best to what every rule set can say.
  static func candidates(_ rules: RuleSet, _ family: Rule.Family, type: Int) -> [ExampleCondition] {
    let fields = rules.schema.fields.filter { !$0.sensitive }
    let near = fields.filter { $0.path.hasPrefix("device.") == (family == .device) }
    let far = fields.filter { $0.path.hasPrefix("device.") != (family == .device) }
    func ofFields(_ fields: [Schema.Field]) -> [ExampleCondition] {
      fields.filter { !$0.path.hasSuffix(".id") }.compactMap(of)
    }
    func ofFeatures(_ features: [Feature]) -> [ExampleCondition] {
      [3, 5, 10].flatMap { threshold in features.compactMap { of($0, above: threshold, rules, type: type) } }
    }
    let fitting = features(of: rules, fitting: family)
    let others = rules.features.filter { feature in !fitting.contains { $0.name == feature.name } }
    let (nearFields, farFields) = (ofFields(near), ofFields(far))
    let all =
      switch family {
      case .velocity: ofFeatures(fitting) + ofFeatures(others) + nearFields + farFields
      case .device: ofFeatures(fitting) + nearFields + ofFeatures(others) + farFields
      case .behaviour: nearFields + farFields + ofFeatures(rules.features)
      }
    let last = ExampleCondition(
      text: "event.id.startsWith(\"example\")", reason: nil, fires: [], spares: [], before: 0)
    return all.prefix(candidatesMax) + [last]
  }

  /// What is counted of devices for rules about devices, what is counted of anything else for the others.
  private static func features(of rules: RuleSet, fitting family: Rule.Family) -> [Feature] {
    rules.features.filter { feature in
      let key = rules.plan.entities[feature.entity].name.split(separator: "+")
      return key.contains { $0.hasPrefix("device") } == (family == .device)
    }
  }

  /// The event type of which a fitting feature tells, the schema's first where there is none.
  static func type(_ rules: RuleSet, _ family: Rule.Family) -> Int {
    guard family != .behaviour else { return 0 }
    let tags = features(of: rules, fitting: family).lazy.compactMap { feature -> [UInt32]? in
      let plan = rules.plan.entities[feature.entity].features[feature.index]
      return isPlain(plan, above: 3) ? plan.types ?? rules.plan.typeTags : nil
    }.first
    return tags?.first.flatMap { rules.plan.typeTags.firstIndex(of: $0) } ?? 0
  }

  /// Each is tried on the whole rule set.
  private static let candidatesMax = 30

  private static func of(_ field: Schema.Field) -> ExampleCondition? {
    let path = field.path
    func one(_ text: String, _ fires: String, _ spares: String) -> ExampleCondition {
      ExampleCondition(
        text: text, reason: "{\(path)}", fires: [(path, fires)], spares: [(path, spares)], before: 0)
    }
    guard !field.asText else { return nil }
    switch field.type {
    case .bool: return one(path, "true", "false")
    case .int: return one("\(path) >= 100", "100", "1")
    case .double: return one("\(path) >= 100.0", "100.0", "1.0")
    case .string: return one("\(path) == \"example\"", "example", "other")
    case .money(let minor, let currency):
      return ExampleCondition(
        text: "\(path) >= 100000", reason: "{\(path)}", fires: [(minor, "100000"), (currency, "EUR")],
        spares: [(minor, "1"), (currency, "EUR")], before: 0)
    case .enumeration(let members):
      guard let first = members.first else { return nil }
      let literal = JSONValue.string(first).encoded()
      return one(
        "\(path) == \(literal)", literal, JSONValue.string(members.dropFirst().first ?? "other").encoded())
    case .timestamp, .ip, .list: return nil
    }
  }

  /// A count over a window that a few events within minutes fill.
  private static func of(
    _ feature: Feature, above threshold: Int, _ rules: RuleSet, type: Int
  ) -> ExampleCondition? {
    let plan = rules.plan.entities[feature.entity].features[feature.index]
    guard isPlain(plan, above: threshold), plan.types.map({ $0.contains(rules.plan.typeTags[type]) }) ?? true
    else { return nil }
    var varied: (path: String, values: [String])?
    if plan.aggregation == .distinct {
      guard let field = rules.distinctField(of: feature), let values = field.examples(threshold + 1) else {
        return nil
      }
      varied = (field.path, values)
    }
    return ExampleCondition(
      text: "\(feature.name) > \(threshold)", reason: "{\(feature.name)}, at most \(threshold) expected",
      fires: [], spares: [], before: threshold, varied: varied)
  }

  /// Whether a few events in a row are counted at once, one by one.
  private static func isPlain(_ plan: FeaturePlan, above threshold: Int) -> Bool {
    (plan.aggregation == .count || plan.aggregation == .distinct) && plan.last == nil && plan.panes == nil
      && plan.delayMilliseconds == 0 && plan.includesCurrent && !plan.countsAcceptedOnly
      && plan.limit > threshold
      && plan.overMilliseconds.map { $0 > 60_000 * Int64(threshold + 1) } ?? false
  }

  /// Values for the fields that an event must carry, and for those that windows are kept by.
  static func members(_ rules: RuleSet) -> [(path: String, value: String)] {
    var keys = Set(rules.plan.entities.flatMap { $0.name.split(separator: "+").map(String.init) })
    keys.formUnion(rules.schema.fields.filter { keys.contains($0.path) }.map(\.jsonPath))
    let currencies = Set(
      rules.schema.fields.compactMap { field in
        if case .money(_, let currency) = field.type { currency } else { nil }
      })
    return rules.schema.fields.filter {
      $0.network == nil && ($0.required || keys.contains($0.path))
    }.flatMap { field in
      if currencies.contains(field.path) { return [(field.path, "EUR")] }
      if case .money(let minor, let currency) = field.type { return [(minor, "100"), (currency, "EUR")] }
      return [(field.path, value(of: field.type, asText: field.asText))]
    }
  }

  private static func value(of type: Schema.FieldType, asText: Bool) -> String {
    switch type {
    case .string: "example"
    case .int: asText ? "\"1\"" : "1"
    case .double: asText ? "\"1.5\"" : "1.5"
    case .bool: "false"
    case .timestamp(.iso8601): "\"2026-01-01T00:00:00Z\""
    case .timestamp(.unixMilliseconds): "1767225600000"
    case .ip: "192.0.2.1"
    case .money: "100"
    case .enumeration(let members): JSONValue.string(members.first ?? "example").encoded()
    case .list(let element): "[" + value(of: element, asText: false) + "]"
    }
  }
}
