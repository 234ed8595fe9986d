internal import Assay
internal import Events
internal import RuleSets
internal import Windows

/// What helps to understand why a test failed: the conditions of the rules in question with their values, the windows
/// that they read with their bounds, and the rule that came nearest.
///
/// The test is run once more over windows in memory, where an event can be taken apart; only tests that fail are.
struct FailureNotes {
  private static let width = 96
  private let rules: RuleSet

  init(_ rules: RuleSet) { self.rules = rules }

  /// The mismatches of a test, each with its notes.
  func explain(_ mismatches: [TestResult.Mismatch], of test: AuthorTest) -> [TestResult.Mismatch] {
    let engine = TestBench(rules).engine()
    var explained = mismatches
    for (index, step) in test.steps.enumerated() {
      guard let event = try? engine.decode(step.json.span) else { return explained }
      let isShown = mismatches.contains { $0.event == index + 1 }
      guard let examination = try? engine.examine(event, recordsMax: isShown ? 0 : nil) else {
        return explained
      }
      // Rules and windows are shown once for each event, beneath its first mismatch that is about them.
      var shown: Set<String> = []
      for place in explained.indices where explained[place].event == index + 1 {
        let about = subjects(of: explained[place], test, step.expectation, examination.decision)
        explained[place].notes = notes(examination, about, shown: &shown)
      }
    }
    return explained
  }

  /// Rules and features that a mismatch is about.
  private struct Subjects {
    var rules: Set<String> = []
    var features: Set<String> = []
    /// More should have fired than did.
    var wantsNearest = false
  }

  private func subjects(
    of mismatch: TestResult.Mismatch, _ test: AuthorTest, _ expected: AuthorTest.Expectation,
    _ decision: Decision
  ) -> Subjects {
    let fired = Set(decision.fired)
    var subjects = Subjects()
    switch mismatch.subject {
    case "fired": subjects.rules = Set(expected.fired ?? []).symmetricDifference(fired)
    case "shadow":
      subjects.rules = Set(expected.shadow ?? []).symmetricDifference(decision.shadow.map(\.rule))
    case "not_fired": subjects.rules = fired.intersection(expected.notFired)
    case "not_evaluated":
      subjects.rules = Set(expected.notEvaluated).subtracting(decision.notEvaluated.map(\.rule))
    case "outcome": subjects.wantsNearest = expected.outcome.map { $0 > decision.outcome } ?? false
    case "score": subjects.wantsNearest = expected.score.map { $0 > decision.score } ?? false
    default:
      if let rule = test.rule, mismatch.subject == "rule \(rule)" { subjects.rules = [rule] }
      subjects.features = Set(
        expected.features.map(\.name).filter { mismatch.subject == "feature \($0)" })
    }
    return subjects
  }

  private func notes(_ examination: Examination, _ about: Subjects, shown: inout Set<String>) -> [String] {
    var lines: [String] = []
    var features = about.features
    let explanation = Explanation(examination, rules: rules, only: about.wantsNearest ? nil : about.rules)
    for explained in explanation.rules where about.rules.contains(explained.rule.id) {
      guard shown.insert(explained.rule.id).inserted, let condition = explained.condition else { continue }
      lines.append("\(explained.rule.id):")
      lines += condition.text(width: Self.width, indent: 1).split(separator: "\n").map(String.init)
      features.formUnion(explained.rule.features.map { rules.features[$0].name })
    }
    let type = explanation.event.type
    for id in about.rules.sorted() where !explanation.rules.contains(where: { $0.rule.id == id }) {
      guard shown.insert(id).inserted else { continue }
      let isOff = !rules.rules.contains { $0.id == id }
      lines.append(isOff ? "\(id) is off" : "\(id) does not look at events of the type \(type)")
    }
    if about.wantsNearest, let near = explanation.nearest.first, shown.insert("nearest").inserted {
      let tests = near.tests.map { $0.text + ($0.margin.map { ": \($0.text())" } ?? "") }
      lines.append("nearest to firing: \(near.rule), \(tests.joined(separator: " and "))")
      let rule = rules.rules.first { $0.id == near.rule }
      features.formUnion((rule?.features ?? []).map { rules.features[$0].name })
    }
    for window in examination.windows where features.contains(window.name) {
      guard shown.insert(window.name).inserted else { continue }
      lines.append(line(window))
    }
    return lines
  }

  /// `payouts_24h = 3, by user.id=u1, in …`.
  private func line(_ window: FeatureWindow) -> String {
    let key = window.key.map { "\($0.path)=\($0.value ?? "missing")" }.joined(separator: ",")
    let start = "\(window.name) = \(window.value.shown), by \(key)"
    guard window.key.allSatisfy({ $0.value != nil }) else { return start }
    let size = window.count.map { $0 == 1 ? ": 1 record" : ": \($0) records" } ?? ""
    return "\(start), window \(window.bounds)\(size)"
  }
}
