internal import RuleSets

/// The event that no test has, as the change of a mutant describes it.
struct MissingEvent {
  private let mutant: Mutant
  private let rule: String

  init(_ mutant: Mutant, in rules: RuleSet) {
    self.mutant = mutant
    switch mutant.part.owner {
    case .rule(let id): rule = id
    case .feature(let name):
      rule = rules.rules.first { $0.features.contains { rules.features[$0].name == name } }?.id ?? name
    }
  }

  var text: String {
    switch mutant.difference {
    case .value(let subject, let value, let holds, _):
      return test(with: "where `\(subject)` is \(value)", fires: holds)
    case .condition(let condition, let holds, let others):
      let rest = others ? "everything else holds" : "nothing else does"
      return test(with: "where `\(condition)` \(holds ? "holds" : "does not hold") and \(rest)", fires: holds)
    case .eitherSide(let left, let right):
      let isAnd = mutant.became.contains("||")
      return test(
        with: "where only one of `\(left)` and `\(right)` holds", fires: !isAnd)
    case .always(let subject): return "a test about `\(rule)` in which `\(subject)` decides"
    case .age(let from, let to, let counts):
      let age = Notch.between(from, to) ?? from
      return
        "an event that `\(mutant.owner)` would count \(age) before the last one, and expect that it "
        + (counts ? "counts" : "does not count")
    case .records(let count):
      return "a test with more than \(count) records, and `expect: {features: {\(mutant.owner): …}}`"
    case .unanswered:
      return "an event for which `\(rule)` has no answer and no other rule fires, and expect its outcome"
    case .effect(let expectation):
      return "`expect: {\(expectation)}` where only `\(rule)` fires"
    }
  }

  /// A condition of a feature is seen in the feature's value, and in the rule that reads it.
  private func test(with event: String, fires: Bool) -> String {
    guard case .feature(let name) = mutant.part.owner else {
      return "a test with `rule: \(rule)`, `fires: \(fires)` and a last event \(event)"
    }
    return "an event \(event), which `\(name)` \(fires ? "counts" : "does not count")"
  }
}
