internal import Assay
internal import CEL
internal import Events
package import RuleSets

/// How the first test of a rule set is written, for an author who has none.
package struct FirstTest {
  private let rules: RuleSet
  private let rule: Rule?

  /// A test of the first rule, which its author knows; what only the author can say stands in capitals.
  package static func text(for rules: RuleSet) -> String {
    FirstTest(rules: rules, rule: rules.rules.first).text
  }

  private var type: String {
    let types = rules.schema.types
    return zip(types, rule?.appliesToType ?? []).first { $1 }?.0 ?? types.first ?? "TYPE"
  }

  private var text: String {
    let defaults = ExampleCondition.members(rules).map { "\($0.path): \($0.value)" }
    return """
      write one into a file of the folder `tests`, such as `tests/\(rule?.family.rawValue ?? "first").yaml`:
        tests:
          - name: what this test shows
            rule: \(rule?.id ?? "RULE")
            fires: true                                   # on the last event
      \(defaults.isEmpty ? "" : "      defaults: {\(defaults.joined(separator: ", "))}\n")      events:

      """ + events.map { "        - {type: \(type), \($0)}" }.joined(separator: "\n")
  }

  /// Of a rule that counts different values one event for each, of any other rule with a window a row of events.
  private var events: [String] {
    let read = rule?.features ?? []
    let varied = read.lazy.compactMap { index -> (path: String, values: [String])? in
      guard let field = rules.distinctField(of: rules.features[index]) else { return nil }
      return field.examples(3).map { (field.path, $0) }
    }.first
    if let varied {
      return varied.values.enumerated().map { hour, value in
        "at: \(hour)h, with: {\(varied.path): \(value)}" + (hour == 2 ? ", expect: \(expectation)" : "")
      }
    }
    let last = "with: {\(decisiveField): VALUE}, expect: \(expectation)"
    return read.isEmpty ? ["at: 0s, \(last)"] : ["at: 0s, repeat: 3, every: 1h", "at: 4h, \(last)"]
  }

  /// A field that the condition reads.
  private var decisiveField: String {
    let slot = rule?.slots.first { rules.schema.fields.indices.contains($0) }
    guard let field = slot.map({ rules.schema.fields[$0] }) else { return "FIELD" }
    if case .money(let minor, _) = field.type { return minor }
    return field.path
  }

  /// What comes of the rule alone.
  private var expectation: String {
    guard let rule else { return "{outcome: review}" }
    if rule.status == .shadow { return "{shadow: [\(rule.id)]}" }
    let outcome = rule.decide ?? rules.thresholds.outcome(of: rule.score)
    return outcome == .allow && rule.decide == nil
      ? "{score: \(rule.score)}" : "{outcome: \(outcome.rawValue)}"
  }
}
