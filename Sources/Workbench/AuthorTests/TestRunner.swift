package import Assay
internal import Events
package import RuleSets
internal import Windows

/// Windows of one test's own.
package struct TestWindows: Sendable {
  /// Decides the test's events.
  package let decider: any LineDecider
  /// Lets go of the windows, with all that was kept there.
  package let remove: @Sendable () -> Void
  /// The way out where the last event could not be decided with all of its windows.
  package let remedy: @Sendable () -> String?

  /// Windows that are elsewhere.
  package init(
    decider: any LineDecider, remove: @escaping @Sendable () -> Void,
    remedy: @escaping @Sendable () -> String? = { nil }
  ) {
    self.decider = decider
    self.remove = remove
    self.remedy = remedy
  }
}

/// Runs the tests that a rule set's authors wrote, each on windows of its own.
package struct TestRunner {
  /// Events have the times that the tests say, and expectations may name any feature. Made anew for each engine: no
  /// test's blocks count for another's breaker.
  package static var options: EngineOptions { EngineOptions(clock: .replay, allFeatures: true) }

  private let rules: RuleSet
  private let makeWindows: (RuleSet) throws -> TestWindows

  /// A runner for the tests of `rules`, over windows in memory.
  package init(rules: RuleSet) {
    let bench = TestBench(rules)
    self.init(rules: rules) { variant in
      // Only tests with lists of their own have other rules.
      let bench = variant.draft === rules.draft ? bench : TestBench(variant)
      return TestWindows(decider: DirectDecider(engine: bench.engine()), remove: {})
    }
  }

  /// A runner over windows that `makeWindows` makes, once for each test, for engines with `TestRunner.options` and the
  /// rules that it is given.
  package init(rules: RuleSet, makeWindows: @escaping (RuleSet) throws -> TestWindows) {
    self.rules = rules
    self.makeWindows = makeWindows
  }

  /// Runs the tests whose name, rule or file contains `filter`; all of them without one. Fails only where windows
  /// cannot be made, or cannot be reached while a test runs.
  package func run(filter: String? = nil) throws -> TestReport {
    let chosen = rules.tests.filter { test in
      guard let filter else { return true }
      return [test.name, test.rule ?? "", test.file].contains { $0.contains(filter) }
    }
    let ids = rules.rules.map(\.id)
    let results = try chosen.map(run)
    // A test that fails protects nothing.
    let passed = zip(chosen, results).filter { $1.mismatches.isEmpty }.map(\.0)
    let fired = Set(passed.filter { $0.fires == true }.compactMap(\.rule))
    let spared = Set(passed.filter { $0.fires == false }.compactMap(\.rule))
    return TestReport(
      results: results, filteredCount: rules.tests.count - chosen.count,
      rulesNotFired: ids.filter { !fired.contains($0) }, rulesNotSpared: ids.filter { !spared.contains($0) },
      ruleCount: ids.count)
  }

  private func run(_ test: AuthorTest) throws -> TestResult {
    let variant = rules.changed(lists: test.lists) ?? rules
    let windows = try makeWindows(variant)
    defer { windows.remove() }
    var mismatches: [TestResult.Mismatch] = []
    for (index, step) in test.steps.enumerated() {
      let place = ExpectationPlace(line: step.line, event: index + 1)
      guard let answer = windows.decider.decide([step.json]).first else { continue }
      switch answer {
      case .success(let decision):
        if let why = decision.degraded { throw ArchiveFailure(message: why, hint: windows.remedy()) }
        mismatches += step.expectation.mismatches(with: decision, at: place)
        if index == test.steps.count - 1 {
          mismatches += ruleMismatches(of: test, with: decision, at: place)
        }
      case .failure(let refusal):
        var mismatch = place.mismatch("event", expected: "a decision", found: "refused, \(refusal)")
        if refusal.code == DecodeError.Code.missingField.rawValue {
          mismatch.notes = [
            "give it to the event under `with`, or to all events of the file under `defaults`"
          ]
        }
        mismatches.append(mismatch)
      }
    }
    if !mismatches.isEmpty { mismatches = FailureNotes(variant).explain(mismatches, of: test) }
    return TestResult(
      name: test.name, rule: test.rule, file: test.file, line: test.line, mismatches: mismatches)
  }

  /// What a test about one rule says of its last event.
  private func ruleMismatches(
    of test: AuthorTest, with decision: Decision, at place: ExpectationPlace
  ) -> [TestResult.Mismatch] {
    guard let rule = test.rule, let fires = test.fires, decision.hasFired(rule) != fires else {
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
