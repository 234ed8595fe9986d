package import Assay
package import RuleSets

/// Whether a recorded stream comes to what the authors expect of it.
package struct StreamTest {
  private let expectations: StreamExpectations
  /// By rule: how often it fired, and the first event that fired it.
  private var fired: [String: (count: Int, first: String)] = [:]
  private var outcomes: [Outcome: Int] = [:]

  /// Nothing was decided yet.
  package init(_ expectations: StreamExpectations) { self.expectations = expectations }

  /// Counts one decision; what was decided before counts once.
  package mutating func take(_ decision: borrowing Decision) {
    guard !decision.repeated else { return }
    outcomes[decision.outcome, default: 0] += 1
    for rule in decision.fired {
      let known = fired[rule]
      fired[rule] = ((known?.count ?? 0) + 1, known?.first ?? decision.event)
    }
  }

  /// A result for each expectation, and one for each rule that fired although nobody named it, where that fails.
  package var results: [TestResult] {
    let rules = expectations.rules.map { line in
      result(
        "the stream: `\(line.subject)` fires", line.subject, line.count, fired[line.subject]?.count ?? 0,
        line.line)
    }
    let byOutcome = expectations.outcomes.map { line in
      result(
        "the stream: events with the outcome `\(line.subject.rawValue)`", nil, line.count,
        outcomes[line.subject] ?? 0, line.line)
    }
    guard expectations.unexpected == .fail else { return rules + byOutcome }
    return rules + byOutcome
      + unexpected.map { rule, count, first in
        let mismatch = TestResult.Mismatch(
          line: 1, event: nil, subject: "rule \(rule)", expected: "nothing, since no expectation names it",
          found: "fired \(Self.times(count)), first for `\(first)`")
        return TestResult(
          name: "the stream: `\(rule)` is unexpected", rule: rule, file: expectations.file, line: 1,
          mismatches: [mismatch])
      }
  }

  /// A line for each rule that fired although nobody named it, where that is a warning.
  package var warnings: [String] {
    guard expectations.unexpected == .warn else { return [] }
    return unexpected.map {
      "`\($0.rule)` fired \(Self.times($0.count)) and is not expected, first for `\($0.first)`"
    }
  }

  private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

  private var unexpected: [(rule: String, count: Int, first: String)] {
    let named = Set(expectations.rules.map(\.subject))
    return fired.filter { !named.contains($0.key) }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.count, $0.value.first) }
  }

  private func result(
    _ name: String, _ rule: String?, _ expected: StreamExpectations.Count, _ found: Int, _ line: Int
  ) -> TestResult {
    let mismatch = TestResult.Mismatch(
      line: line, event: nil, subject: rule.map { "rule \($0)" } ?? "outcome", expected: expected.text,
      found: String(found))
    return TestResult(
      name: "\(name) \(expected.text)", rule: rule, file: expectations.file, line: line,
      mismatches: expected.includes(found) ? [] : [mismatch])
  }
}
