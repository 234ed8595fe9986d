internal import CEL
internal import RuleSets

/// A rule that changes no outcome, because wherever it fires another one has decided already.
enum DominatedRule: RuleSetCheck {
  static let code = "dominated-rule"
  static let title = "wherever the rule fires, another one decides already"
  static let remedy = "take it out, narrow the other rule, or keep it for its reason alone"
  static let explanation = """
    A rule that blocks outright leaves nothing to do for a rule whose condition is narrower, for the same events. Comparisons \
    with constants and equal parts of conditions are looked at. Rules that add up scores do not dominate one another, nor \
    do rules with dates, samples or suppressions; a rule with `on_missing: review` or `block` still protects where its \
    fields are missing, and is not named unless the other asks for as much.
    """

  /// Pairs that are looked at; a rule set in which more rules share their terms is judged in part.
  private static let pairsMax = 200_000

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let excuses = rules.judged.contains { $0.rule.decide == .allow && $0.rule.status == .live }
    var byTerm: [String: [Int]] = [:]
    for (index, judged) in rules.judged.enumerated() {
      for term in judged.claim.terms { byTerm[term, default: []].append(index) }
    }
    var pairs = 0
    var found: [Int: Diagnostic] = [:]
    for (index, strict) in rules.judged.enumerated() where isUnconditional(strict.rule) {
      guard let power = power(strict.rule, rules.rules.thresholds, excuses: excuses) else { continue }
      let candidates = Set(strict.claim.neededTerms.flatMap { byTerm[$0] ?? [] }).sorted()
      for candidate in candidates where candidate != index && found[candidate] == nil {
        pairs += 1
        guard pairs <= pairsMax else { return Array(found.values) }
        let weak = rules.judged[candidate]
        guard isIdle(weak.rule, beside: strict.rule, power), weak.claim.implies(strict.claim),
          !isTold(weak, beside: strict, isLater: candidate > index, rules, excuses: excuses)
        else { continue }
        found[candidate] = finding(weak.rule, strict.rule, power)
      }
    }
    return Array(found.values)
  }

  /// Two rules of which each dominates the other are told once; two with one condition are told of as such when the
  /// rule set is loaded.
  private static func isTold(
    _ weak: JudgedRules.JudgedRule, beside strict: JudgedRules.JudgedRule, isLater: Bool,
    _ rules: JudgedRules, excuses: Bool
  ) -> Bool {
    guard strict.claim.implies(weak.claim) else { return false }
    let isRepeated =
      weak.rule.appliesToType == strict.rule.appliesToType
      && CanonicalText.of(weak.expression) == CanonicalText.of(strict.expression)
    let isMutual =
      isUnconditional(weak.rule) && power(weak.rule, rules.rules.thresholds, excuses: excuses) != nil
    return isRepeated || (isMutual && !isLater)
  }

  /// Fires for whatever its condition says, at any time.
  private static func isUnconditional(_ rule: Rule) -> Bool {
    rule.status == .live && rule.from == nil && rule.until == nil && rule.sample == nil
      && rule.suppressions.isEmpty
  }

  /// The outcome that nothing can take back once the rule fires.
  private static func power(_ rule: Rule, _ thresholds: Thresholds, excuses: Bool) -> Outcome? {
    if let decide = rule.decide, decide != .allow { return decide }
    return rule.score >= thresholds.block && !excuses ? .block : nil
  }

  /// Whether `weak` can do nothing where `strict` fires, and asks for no more where its fields are missing.
  private static func isIdle(_ weak: Rule, beside strict: Rule, _ power: Outcome) -> Bool {
    guard weak.status == .live,
      zip(weak.appliesToType, strict.appliesToType).allSatisfy({ !$0 || $1 })
    else { return false }
    let isMilder = power == .block || (weak.score == 0 && weak.decide == .review)
    guard isMilder else { return false }
    if weak.onMissing == .skip { return true }
    return strict.onMissing.strictness >= weak.onMissing.strictness
      && Set(weak.slots).isSubset(of: strict.slots)
  }
}

extension DominatedRule {
  private static func finding(_ weak: Rule, _ strict: Rule, _ power: Outcome) -> Diagnostic {
    let does = power == .block ? "blocks" : "reviews"
    return finding(
      at: weak.conditionPlace,
      "`\(weak.id)` changes no outcome: wherever it fires, `\(strict.id)` \(does) already",
      hint: "take it out, narrow `\(strict.id)`, or keep it for its reason alone",
      notes: [Diagnostic.Note("`\(strict.id)` is here", at: strict.conditionPlace)])
  }
}

extension Rule.FailurePolicy {
  fileprivate var strictness: Int {
    switch self {
    case .skip: 0
    case .review: 1
    case .block: 2
    }
  }
}
