internal import Assay
internal import RuleSets

/// The line that a test lacks to notice a mutant.
///
/// Where some test has an event that the mutant decides otherwise, an expectation there is all that is missing.
/// Otherwise the event is missing, which the change itself describes.
struct MissingLine {
  /// Events that are looked through for one mutant; beyond that the event is described.
  private static let eventsMax = 20_000

  let text: String

  init(_ mutant: Mutant, _ original: RuleSet, _ changed: RuleSet, _ reach: MutantReach) {
    text =
      Self.expectation(mutant, original, changed, reach)
      ?? MissingEvent(mutant, in: original).text
  }

  /// An expectation at the first event of any test that the two decide differently.
  private static func expectation(
    _ mutant: Mutant, _ original: RuleSet, _ changed: RuleSet, _ reach: MutantReach
  ) -> String? {
    let (one, other) = (TestBench(original), TestBench(changed))
    var eventsLeft = eventsMax
    for test in original.tests where test.lists.isEmpty && test.steps.contains(where: reach.isReached) {
      eventsLeft -= test.steps.count
      guard eventsLeft >= 0 else { return nil }
      let (left, right) = (one.engine(), other.engine())
      for (index, step) in test.steps.enumerated() {
        guard let expected = try? left.decide(step.json), let found = try? right.decide(step.json) else {
          break
        }
        guard let member = difference(expected, found, mutant) else { continue }
        return "`expect: {\(member)}` at event \(index + 1) of `\(test.name)`, \(test.file):\(step.line)"
      }
    }
    return nil
  }

  /// What to expect of a decision that tells it from another one.
  private static func difference(_ expected: Decision, _ found: Decision, _ mutant: Mutant) -> String? {
    let (left, right) = (Set(expected.fired), Set(found.fired))
    if let lost = left.subtracting(right).min() { return "fired: [\(lost), …]" }
    if let extra = right.subtracting(left).min() { return "not_fired: \(extra)" }
    if expected.score != found.score { return "score: \(expected.score)" }
    if expected.outcome != found.outcome { return "outcome: \(expected.outcome.rawValue)" }
    for (one, other) in zip(expected.features, found.features) where one != other {
      return "features: {\(one.name): \(one.value == .missing ? "null" : one.value.shown)}"
    }
    let unanswered = Set(expected.notEvaluated.map(\.rule))
    let lost = unanswered.subtracting(found.notEvaluated.map(\.rule)).min()
    return lost.map { "not_evaluated: \($0)" }
  }
}
