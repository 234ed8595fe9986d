/// How the authors' tests of a rule set went.
package struct TestReport: Sendable {
  /// The tests that ran, in the order of their files and places.
  package private(set) var results: [TestResult]
  /// Tests that the filter left out.
  package let filteredCount: Int
  /// Rules, shadow ones included, that no test which ran and passed expects to fire; in the rule set's order.
  package let rulesNotFired: [String]
  /// Rules that no test which ran and passed expects not to fire.
  package let rulesNotSpared: [String]
  /// Rules that tests can be about.
  package let ruleCount: Int
  /// Which answers of which conditions the tests exercise, where that was asked for.
  package var coverage: CoverageReport?

  init(
    results: [TestResult], filteredCount: Int, rulesNotFired: [String], rulesNotSpared: [String],
    ruleCount: Int
  ) {
    self.results = results
    self.filteredCount = filteredCount
    self.rulesNotFired = rulesNotFired
    self.rulesNotSpared = rulesNotSpared
    self.ruleCount = ruleCount
  }

  /// Adds what a stream came to.
  package mutating func add(_ others: [TestResult]) { results += others }

  /// How many tests failed.
  package var failureCount: Int { results.count { !$0.mismatches.isEmpty } }
  /// Rules with a test that fires them and one that does not.
  package var coveredRuleCount: Int {
    ruleCount - Set(rulesNotFired).union(rulesNotSpared).count
  }
}

/// How one test went.
package struct TestResult: Sendable {
  package let name: String
  /// The rule the test is about.
  package let rule: String?
  /// Relative to the rule set's folder.
  package let file: String
  package let line: Int
  /// Empty when the test passed.
  package let mismatches: [Mismatch]

  /// One expectation that did not come true.
  package struct Mismatch: Sendable, Hashable {
    /// The line of the event, or of the expectation, in the test's file.
    package let line: Int
    /// Which event of the test it was, from 1, repetitions counted; nil for what is expected of a whole stream.
    package let event: Int?
    /// What was looked at: `outcome`, `score`, `fired`, `feature payouts_24h`, ….
    package let subject: String
    package let expected: String
    package let found: String
    /// What helps to understand it, a line each.
    package internal(set) var notes: [String] = []
  }
}
