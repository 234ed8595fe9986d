internal import Assay
package import RuleSets
internal import Windows

/// Runs the tests that a rule set's authors wrote, each on an engine of its own.
package struct TestRunner {
  private let rules: RuleSet

  /// A runner for the tests of `rules`.
  package init(rules: RuleSet) { self.rules = rules }

  /// Runs the tests whose name, rule or file contains `filter`; all of them without one.
  package func run(filter: String? = nil) -> TestReport {
    let chosen = rules.tests.filter { test in
      guard let filter else { return true }
      return [test.name, test.rule ?? "", test.file].contains { $0.contains(filter) }
    }
    let ids = rules.rules.map(\.id)
    let results = chosen.map(run)
    // A test that fails protects nothing.
    let passed = zip(chosen, results).filter { $1.mismatches.isEmpty }.map(\.0)
    let fired = Set(passed.filter { $0.fires == true }.compactMap(\.rule))
    let spared = Set(passed.filter { $0.fires == false }.compactMap(\.rule))
    return TestReport(
      results: results, filteredCount: rules.tests.count - chosen.count,
      rulesNotFired: ids.filter { !fired.contains($0) }, rulesNotSpared: ids.filter { !spared.contains($0) },
      ruleCount: ids.count)
  }

  private func run(_ test: AuthorTest) -> TestResult {
    let engine = Engine(
      rules: rules, options: EngineOptions(clock: .replay, allFeatures: true), bytesMax: 256 << 20)
    var mismatches: [TestResult.Mismatch] = []
    for (index, step) in test.steps.enumerated() {
      let place = ExpectationPlace(line: step.line, event: index + 1)
      do {
        let decision = try engine.decide(step.json)
        mismatches += step.expectation.mismatches(with: decision, at: place)
        if index == test.steps.count - 1 {
          mismatches += ruleMismatches(of: test, with: decision, at: place)
        }
      } catch {
        mismatches.append(place.mismatch("event", expected: "a decision", found: "refused, \(error)"))
      }
    }
    return TestResult(
      name: test.name, rule: test.rule, file: test.file, line: test.line, mismatches: mismatches)
  }

  /// What a test about one rule says of its last event.
  private func ruleMismatches(
    of test: AuthorTest, with decision: Decision, at place: ExpectationPlace
  ) -> [TestResult.Mismatch] {
    guard let rule = test.rule, let fires = test.fires, decision.fired.contains(rule) != fires else {
      return []
    }
    var found = fires ? "it did not" : "it fired"
    if let unknown = decision.notEvaluated.first(where: { $0.rule == rule }) {
      found += ", \(unknown.explanation)"
    }
    return [
      place.mismatch(
        "rule \(rule)", expected: fires ? "fires on the last event" : "does not fire on the last event",
        found: found)
    ]
  }
}
