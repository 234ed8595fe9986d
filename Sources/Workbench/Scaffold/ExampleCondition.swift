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

  /// From what suits the family best to what every rule set can say.
  static func candidates(_ rules: RuleSet, _ family: Rule.Family, type: Int) -> [ExampleCondition] {
    let fields = rules.schema.fields.filter { !$0.sensitive }
    let near = fields.filter { $0.path.hasPrefix("device.") == (family == .device) }
    let far = fields.filter { $0.path.hasPrefix("device.") != (family == .device) }
    let ofFields = (near + far).filter { !$0.path.hasSuffix(".id") }.compactMap(of)
    let ofFeatures = [3, 5, 10].flatMap { threshold in
      rules.features.compactMap { of($0, above: threshold, rules, type: type) }
    }
    let last = ExampleCondition(
      text: "event.id.startsWith(\"example\")", reason: nil, fires: [], spares: [], before: 0)
    let fitting = family == .velocity ? ofFeatures + ofFields : ofFields + ofFeatures
    return fitting.prefix(candidatesMax) + [last]
  }

  /// Each is tried on the whole rule set.
  private static let candidatesMax = 30

  private static func of(_ field: Schema.Field) -> ExampleCondition? {
    let path = field.path
    func one(_ text: String, _ fires: String, _ spares: String, at place: String? = nil) -> ExampleCondition {
      let place = place ?? path
      return ExampleCondition(
        text: text, reason: "{\(path)}", fires: [(place, fires)], spares: [(place, spares)], before: 0)
    }
    guard !field.asText else { return nil }
    switch field.type {
    case .bool: return one(path, "true", "false")
    case .int: return one("\(path) >= 100", "100", "1")
    case .double: return one("\(path) >= 100.0", "100.0", "1.0")
    case .string: return one("\(path) == \"example\"", "example", "other")
    case .money(let minor, _): return one("\(path) >= 100000", "100000", "1", at: minor)
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
    let entity = rules.plan.entities[feature.entity]
    let plan = entity.features[feature.index]
    guard plan.aggregation == .count, plan.condition == nil, plan.last == nil, plan.panes == nil,
      plan.delayMilliseconds == 0, plan.includesCurrent, !plan.countsAcceptedOnly, plan.limit > threshold,
      plan.types.map({ $0.contains(rules.plan.typeTags[type]) }) ?? true,
      plan.overMilliseconds.map({ $0 > 60_000 * Int64(threshold + 1) }) ?? false
    else { return nil }
    return ExampleCondition(
      text: "\(feature.name) > \(threshold)", reason: "{\(feature.name)}, at most \(threshold) expected",
      fires: [], spares: [], before: threshold)
  }

  /// Values for the fields that an event must carry, and for those that windows are kept by.
  static func members(_ rules: RuleSet) -> [(path: String, value: String)] {
    let keys = Set(rules.plan.entities.flatMap { $0.name.split(separator: "+").map(String.init) })
    let currencies = Set(
      rules.schema.fields.compactMap { field in
        if case .money(_, let currency) = field.type { currency } else { nil }
      })
    return rules.schema.fields.filter { $0.required || keys.contains($0.path) }.flatMap { field in
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
