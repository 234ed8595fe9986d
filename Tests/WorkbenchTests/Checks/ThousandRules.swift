import TestSupport

/// A made-up rule set with 1,000 rules over 50 features, with tests for half of them.
enum ThousandRules {
  static func files() -> [String: String] {
    var generator = SeededGenerator(seed: 1_000)
    let features = (0..<50).map { index in
      "  f\(index): {count: \(index % 2 == 0 ? "a" : "b"), by: \(index % 3 == 0 ? "user.id" : "device.id"), "
        + "over: \(1 + index % 24)h}\n"
    }
    var rules = ""
    var tests = ""
    for index in 0..<1_000 {
      let first = Int.random(in: 0..<50, using: &generator)
      let second = Int.random(in: 0..<50, using: &generator)
      let limit = Int.random(in: 1...40, using: &generator)
      rules += """
        - id: rule-\(index)
          title: Rule number \(index)
          family: velocity
          on: \(index % 5 == 0 ? "any" : index % 2 == 0 ? "a" : "b")
          when: f\(first) > \(limit) && (f\(second) >= \(limit + index % 7) || user.country in ["DE", "ES", "FR"])
          on_missing: skip
          \(index % 2 == 0 ? "decide: block" : "score: \(10 + index % 50)")
          reason: "{f\(first)} in a short time"

        """
      if index % 2 == 0 {
        tests += """
          - {name: test \(index), rule: rule-\(index), fires: true, events: [{type: a, repeat: 50, every: 1s}]}

          """
      }
    }
    return [
      "ruleset.yaml": "ruleset: many\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [a, b]
      fields:
        user.id: {type: string, required: true}
        device.id: {type: string, required: true}
        user.country: {type: string}
      """,
      "features.yaml": "features:\n" + features.joined(),
      "rules/rules.yaml": "rules:\n" + rules,
      "tests/tests.yaml": "defaults: {user.id: u, device.id: d, user.country: DE}\ntests:\n" + tests,
    ]
  }
}
