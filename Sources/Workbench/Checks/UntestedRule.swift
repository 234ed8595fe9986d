internal import RuleSets

/// A rule of which no test says that it fires.
enum UntestedRule: RuleSetCheck {
  static let code = "untested-rule"
  static let title = "no test says that the rule fires"
  static let remedy = "write a test with `rule` and `fires: true`"
  static let explanation = """
    A rule that no test makes fire may never fire. A test counts that is about the rule and says `fires: true`, and one that \
    expects it in `fired`. A rule set without any tests gets one finding. `assay test` shows the coverage, `--mutants` what \
    the tests would notice.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let tests = rules.rules.tests
    guard !rules.rules.rules.isEmpty else { return [] }
    guard !tests.isEmpty else { return [none()] }
    var tested = Set(tests.filter { $0.fires == true }.compactMap(\.rule))
    for step in tests.lazy.flatMap(\.steps) { tested.formUnion(step.expectation.fired ?? []) }
    return rules.rules.rules.filter { !tested.contains($0.id) }.map(untested)
  }
}

extension UntestedRule {
  private static func none() -> Diagnostic {
    finding(
      at: Diagnostic.Place(file: "tests", span: nil), "the rule set has no tests",
      hint: "`assay test` shows a first one")
  }

  private static func untested(_ rule: Rule) -> Diagnostic {
    finding(
      at: rule.place, "no test makes the rule `\(rule.id)` fire",
      hint:
        "write one with `rule: \(rule.id)` and `fires: true`, and one just below its threshold with `fires: false`"
    )
  }
}
