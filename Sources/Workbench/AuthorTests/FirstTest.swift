internal import Events
package import RuleSets

/// How the first test of a rule set is written, for an author who has none.
package enum FirstTest {
  /// A test of the first rule, which its author knows; what only the author can say stands in capitals.
  package static func text(for rules: RuleSet) -> String {
    let rule = rules.rules.first
    let types = rules.schema.types
    let type = zip(types, rule?.appliesToType ?? []).first { $1 }?.0 ?? types.first ?? "TYPE"
    return """
      write one into a file of the folder `tests`, such as `tests/\(rule?.family.rawValue ?? "first").yaml`:
        tests:
          - name: what this test shows
            rule: \(rule?.id ?? "RULE")
            fires: true                                   # on the last event
            events:
              - {type: \(type), at: 0s, repeat: 3, every: 1h, with: {FIELD: VALUE}}
              - {type: \(type), at: 4h, with: {FIELD: VALUE}, expect: {outcome: review}}
      """
  }
}
