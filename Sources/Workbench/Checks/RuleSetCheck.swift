internal import CEL
package import RuleSets
internal import Windows

/// One kind of doubt about a rule set that loads: something that is allowed and hardly meant.
protocol RuleSetCheck {
  /// Stable, kebab case, as reports and suppressions name it.
  static var code: String { get }
  /// What is wrong, in one line.
  static var title: String { get }
  /// The way out, in one line.
  static var remedy: String { get }
  /// Why it matters, what is looked at and what is not, for `Checks.md`.
  static var explanation: String { get }
  /// What is found; in any order.
  static func findings(in rules: JudgedRules) -> [Diagnostic]
}

extension RuleSetCheck {
  static func finding(
    at place: Diagnostic.Place, _ message: String, hint: String, notes: [Diagnostic.Note] = []
  ) -> Diagnostic {
    Diagnostic(code: code, severity: .warning, at: place, message: message, hint: hint, notes: notes)
  }
}

/// What `assay check` says of rule sets beyond what keeps them from loading.
package enum Judgement {
  /// Every check, in the order of the documentation.
  static var checks: [any RuleSetCheck.Type] {
    [
      DominatedRule.self, TypeNeverMatches.self, PresenceIsCertain.self, BeyondWindow.self,
      OutcomeOutOfReach.self, LongerThanNeeded.self, UnboundedKey.self, CostlyExpression.self,
      UntestedRule.self, HistoryReset.self,
    ]
  }

  /// The codes of all checks.
  package static var codes: [String] { checks.map { $0.code } }

  /// What a code of ours means and what to do about it; nil for codes of others.
  static func help(of code: String) -> (title: String, remedy: String)? {
    checks.first { $0.code == code }.map { ($0.title, $0.remedy) }
  }

  /// Everything that is doubtful about `rules`; `base` is what they take the place of, where that is known.
  package static func findings(
    in rules: RuleSet, of loaded: LoadedRuleSet, base: RuleSet? = nil
  ) -> [Diagnostic] {
    let judged = JudgedRules(rules, of: loaded, base: base)
    return checks.flatMap { $0.findings(in: judged) }
  }
}

extension CheckReport {
  /// The report with what is doubtful; a rule set with errors is not judged, they come first.
  package func judged(against base: RuleSet? = nil) -> CheckReport {
    guard let rules = loaded.ruleSet else { return self }
    return CheckReport(loaded.adding(Judgement.findings(in: rules, of: loaded, base: base)))
  }
}

/// A rule set as the checks see it: with what its conditions claim, each read once.
struct JudgedRules {
  /// A rule with what its condition says.
  struct JudgedRule {
    let rule: Rule
    let expression: Expression
    let claim: Claim
  }

  let rules: RuleSet
  let sources: SourceFiles
  let base: RuleSet?
  /// In the order of the rule set.
  let judged: [JudgedRule]
  let featuresByName: [String: Feature]
  /// Where the names stand of features that loading found unused.
  let unusedPlaces: Set<Diagnostic.Place>

  init(_ rules: RuleSet, of loaded: LoadedRuleSet, base: RuleSet?) {
    self.rules = rules
    sources = loaded.sources
    unusedPlaces = Set(loaded.diagnostics.filter { $0.code == "unused-feature" }.map(\.place))
    self.base = base
    featuresByName = Dictionary(
      rules.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = ClaimNames(rules)
    judged = rules.rules.compactMap { rule in
      guard let expression = try? Expression.parse(rule.source) else { return nil }
      return JudgedRule(rule: rule, expression: expression, claim: Claim(of: expression, names))
    }
  }

  func plan(of feature: Feature) -> FeaturePlan {
    rules.plan.entities[feature.entity].features[feature.index]
  }
}
