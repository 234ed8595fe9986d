internal import Events
internal import RuleSets
internal import Windows

/// What a mutant may change, and so which tests could notice it.
struct MutantReach {
  /// By event type.
  private let types: [Bool]
  private let rules: Set<String>
  private let features: Set<String>

  init(_ part: DraftPart, in set: RuleSet) {
    var touched: [Rule]
    var features: Set<String> = []
    switch part.owner {
    case .rule(let id): touched = set.rules.filter { $0.id == id }
    case .feature(let name):
      features = [name]
      touched = set.readers(of: features)
    }
    // What is blocked leaves the windows that count accepted events, and so reaches the rules that read those.
    let accepted = set.acceptedFeatures
    if !accepted.isEmpty, touched.contains(where: { $0.status == .live }) {
      features.formUnion(accepted)
      touched += set.readers(of: accepted)
    }
    rules = Set(touched.map(\.id))
    types = set.schema.types.indices.map { type in
      !features.isEmpty || touched.contains { $0.appliesToType[type] }
    }
    self.features = features
  }

  /// Whether the test has an event that the mutant reaches, and expects something of what may change there.
  func includes(_ test: AuthorTest) -> Bool {
    if isAbout(test), test.steps.contains(where: { isReached($0) }) { return true }
    return test.steps.contains { isReached($0) && includes($0.expectation) }
  }

  /// Whether the test is about one of the rules: those notice first.
  func isAbout(_ test: AuthorTest) -> Bool {
    test.fires != nil && test.rule.map { rules.contains($0) } ?? false
  }

  func isReached(_ step: AuthorTest.Step) -> Bool { types.indices.contains(step.type) && types[step.type] }

  private func includes(_ expectation: AuthorTest.Expectation) -> Bool {
    if expectation.outcome != nil || expectation.score != nil || expectation.fired != nil
      || expectation.shadow != nil
    {
      return true
    }
    return expectation.notFired.contains { rules.contains($0) }
      || expectation.notEvaluated.contains { rules.contains($0) }
      || expectation.features.contains { features.contains($0.name) }
  }
}

extension RuleSet {
  /// The features that leave out what was blocked.
  fileprivate var acceptedFeatures: Set<String> {
    Set(features.filter { plan.entities[$0.entity].features[$0.index].countsAcceptedOnly }.map(\.name))
  }

  /// The rules that read one of the features.
  fileprivate func readers(of names: Set<String>) -> [Rule] {
    rules.filter { rule in rule.features.contains { names.contains(features[$0].name) } }
  }
}
