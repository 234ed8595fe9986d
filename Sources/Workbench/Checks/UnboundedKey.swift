internal import Events
internal import RuleSets
internal import Windows

/// A feature that has a log of its own for nearly every event.
enum UnboundedKey: RuleSetCheck {
  static let code = "unbounded-key"
  static let title = "nearly every event has a key of its own"
  static let remedy = "key the feature by who acts, and aggregate the other field"
  static let explanation = """
    A window belongs to a key. Where the event's own id, a moment, or a field that may differ between a request and its retry \
    is part of the key, hardly two events share one: nothing is ever counted twice, a retry is not recognised by its window, \
    and each event takes the memory of a log. Text that callers choose freely can do the same; whether it does, the schema \
    cannot tell.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let schema = rules.rules.schema
    let hashed = Dictionary(
      rules.rules.hashedFields.map { ($0.slot, $0.source) }, uniquingKeysWith: { first, _ in first })
    return rules.rules.features.compactMap { feature in
      for slot in rules.rules.plan.entities[feature.entity].keySlots {
        let field = hashed[slot] ?? slot
        guard schema.fields.indices.contains(field), let why = why(schema.fields[field], schema) else {
          continue
        }
        return finding(feature, schema.fields[field].path, why)
      }
      return nil
    }
  }

  private static func why(_ field: Schema.Field, _ schema: Schema) -> String? {
    if field.path == schema.identity.id { return "is the event's own id" }
    if case .timestamp = field.type { return "is a moment" }
    return field.volatile ? "may differ between a request and its retry (`volatile`)" : nil
  }
}

extension UnboundedKey {
  private static func finding(_ feature: Feature, _ path: String, _ why: String) -> Diagnostic {
    finding(
      at: feature.place,
      "nearly every event has a window of its own in `\(feature.name)`: `\(path)`, part of its key, \(why)",
      hint: "key it by who acts, such as `user.id`, and put `\(path)` into `distinct` or `where`")
  }
}
