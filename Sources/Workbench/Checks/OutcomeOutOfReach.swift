internal import Events
internal import RuleSets

/// A threshold that all scores together do not reach.
enum OutcomeOutOfReach: RuleSetCheck {
  static let code = "outcome-out-of-reach"
  static let title = "no rules together reach a threshold"
  static let remedy = "lower the threshold, raise scores, or let a rule decide outright"
  static let explanation = """
    The rules that look at one event type, those in shadow too, can add up to so much at most. Where that is below a threshold, and no rule \
    decides the outcome outright or asks for it where something is missing, no event ever gets it. Rule sets without any \
    score are left alone.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    // With those in shadow: a rule set begins with them, and what they are to bring later is meant.
    let all = rules.rules.rules
    let most =
      rules.rules.schema.types.indices.map { type in
        all.reduce(0) { $1.appliesToType[type] ? $0 + $1.score : $0 }
      }.max() ?? 0
    guard most > 0 else { return [] }
    let thresholds = rules.rules.thresholds
    if most < thresholds.review, !all.contains(where: { $0.canAskFor(.review) }) {
      return [finding("review", thresholds.review, most, rules)]
    }
    if most < thresholds.block, !all.contains(where: { $0.canAskFor(.block) }) {
      return [finding("block", thresholds.block, most, rules)]
    }
    return []
  }
}

extension OutcomeOutOfReach {
  private static func finding(
    _ outcome: String, _ threshold: Int, _ most: Int, _ rules: JudgedRules
  ) -> Diagnostic {
    finding(
      at: place(of: outcome, in: rules.sources),
      "no event can reach `\(outcome): \(threshold)`: all rules that look at one event together come to \(most)",
      hint: "lower the threshold, raise scores, or let a rule `decide: \(outcome)`")
  }

  /// Where the key stands in `ruleset.yaml`.
  private static func place(of key: String, in sources: SourceFiles) -> Diagnostic.Place {
    let file = "ruleset.yaml"
    let name = Array("\(key):".utf8)
    guard let bytes = sources[file]?.bytes, bytes.count >= name.count else {
      return Diagnostic.Place(file: file, span: nil)
    }
    let start = (0...(bytes.count - name.count)).first { bytes[$0..<($0 + name.count)].elementsEqual(name) }
    return Diagnostic.Place(file: file, span: start.map { $0..<($0 + name.count - 1) })
  }
}

extension Rule {
  /// Whether it can give at least `outcome` without the help of other rules, a wrong or missing value included.
  fileprivate func canAskFor(_ outcome: Outcome) -> Bool {
    func asks(_ policy: FailurePolicy) -> Bool {
      policy == .block || (policy == .review && outcome == .review)
    }
    return decide.map { $0 >= outcome } ?? false || asks(onMissing) || (outcome == .block && asks(onError))
      || (unavailable ?? .allow) >= outcome
  }
}
