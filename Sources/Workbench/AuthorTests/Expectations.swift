internal import Assay
internal import CEL
internal import RuleSets

/// Where in a test an expectation stands.
struct ExpectationPlace {
  let line: Int
  let event: Int

  func mismatch(_ subject: String, expected: String, found: String) -> TestResult.Mismatch {
    TestResult.Mismatch(line: line, event: event, subject: subject, expected: expected, found: found)
  }
}

extension AuthorTest.Expectation {
  /// What `decision` does not keep of the expectation.
  func mismatches(with decision: Decision, at place: ExpectationPlace) -> [TestResult.Mismatch] {
    var result: [TestResult.Mismatch] = []
    if let outcome, outcome != decision.outcome {
      result.append(
        place.mismatch(
          "outcome", expected: outcome.rawValue, found: decision.outcome.rawValue + whyOutcome(decision)))
    }
    if let score, score != decision.score {
      result.append(
        place.mismatch("score", expected: String(score), found: String(decision.score) + whyScore(decision)))
    }
    result += firedMismatches(decision, place)
    for feature in features {
      let found = decision.features.first { $0.name == feature.name }?.value ?? .missing
      if !feature.value.matches(found) {
        result.append(
          place.mismatch("feature \(feature.name)", expected: feature.value.shown, found: found.shown))
      }
    }
    return result
  }

  /// Whether `decision` keeps all of the expectation.
  func holds(for decision: Decision) -> Bool {
    isEmpty || mismatches(with: decision, at: ExpectationPlace(line: 0, event: 0)).isEmpty
  }

  private func firedMismatches(_ decision: Decision, _ place: ExpectationPlace) -> [TestResult.Mismatch] {
    var result: [TestResult.Mismatch] = []
    let found = Set(decision.fired)
    if let fired, Set(fired) != found {
      result.append(place.mismatch("fired", expected: Self.list(fired), found: Self.list(decision.fired)))
    }
    let wrong = notFired.filter { found.contains($0) }
    if !wrong.isEmpty {
      result.append(
        place.mismatch("not_fired", expected: "none of \(Self.list(notFired))", found: Self.list(wrong)))
    }
    return result + silenceMismatches(decision, place)
  }

  private func silenceMismatches(_ decision: Decision, _ place: ExpectationPlace) -> [TestResult.Mismatch] {
    var result: [TestResult.Mismatch] = []
    let inShadow = decision.shadow.map(\.rule)
    if let shadow, Set(shadow) != Set(inShadow) {
      result.append(place.mismatch("shadow", expected: Self.list(shadow), found: Self.list(inShadow)))
    }
    let unanswered = Set(decision.notEvaluated.map(\.rule))
    let answered = notEvaluated.filter { !unanswered.contains($0) }
    if !answered.isEmpty {
      let found = answered.map { $0 + (decision.hasFired($0) ? " fired" : " did not fire") }
      result.append(
        place.mismatch(
          "not_evaluated", expected: Self.list(notEvaluated), found: found.joined(separator: ", ")))
    }
    return result
  }

  /// The rules behind an outcome that was not expected: those that fired, and those whose missing evidence set a
  /// floor. In a large rule set the way out is to give the events that evidence, or to expect rules only.
  private func whyOutcome(_ decision: Decision) -> String {
    let floors = decision.notEvaluated.filter { $0.floor != nil }.map { "\($0.rule): \($0.explanation)" }
    return Self.because(decision.fired + floors)
  }

  private func whyScore(_ decision: Decision) -> String { Self.because(decision.fired) }

  private static func because(_ rules: [String]) -> String {
    rules.isEmpty ? " (no rule fired)" : " (\(rules.joined(separator: ", ")))"
  }

  private static func list(_ rules: [String]) -> String {
    rules.isEmpty ? "none" : rules.sorted().joined(separator: ", ")
  }
}

extension AuthorTest.ExpectedValue {
  /// Equality as authors mean it: doubles within 1e-9 of their size, durations by length, moments by time.
  func matches(_ found: Decision.FeatureValue.Value) -> Bool {
    switch (self, found) {
    case (.null, .missing): true
    case (.bool(let expected), .bool(let found)): expected == found
    case (.int(let expected), .int(let found)): expected == found
    case (.int(let expected), .double(let found)): Self.isClose(Double(expected), found)
    case (.double(let expected), .double(let found)): Self.isClose(expected, found)
    case (.double(let expected), .int(let found)): expected == Double(found)
    case (.text(let expected), .text(let found)): expected == found
    case (.text(let expected), .timestamp(let found)): Timestamp(rfc3339: expected)?.milliseconds == found
    case (.text(let expected), .duration(let found)):
      // As authors write spans of time, and as reports show them.
      DurationLiteral.milliseconds(expected) == found || DurationLiteral.shown(found) == expected
    default: false
    }
  }

  private static func isClose(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
  }

  /// As reports show it.
  var shown: String {
    switch self {
    case .null: "missing"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value): value.description
    case .text(let value): value
    }
  }
}
