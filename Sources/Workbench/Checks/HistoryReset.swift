internal import RuleSets

/// A change of a feature that makes its window begin anew.
enum HistoryReset: RuleSetCheck {
  static let code = "history-reset"
  static let title = "the feature loses the history it has"
  static let remedy = "add the feature under a new name beside the old one until its window is whole"
  static let explanation = """
    Records carry what features needed when they were written. A feature with another `where`, another value or another key than \
    in what runs today finds none of that in the records that are there, and counts from nothing until its window has \
    passed. Looked at with `assay check --base REVISION`; `assay compare` tells it of new features, too.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    guard let base = rules.base else { return [] }
    return HistoryCheck(before: base, after: rules.rules).all().filter(\.isReset).compactMap { history in
      rules.featuresByName[history.feature].map { finding($0, history) }
    }
  }
}

extension HistoryReset {
  private static func finding(_ feature: Feature, _ history: FeatureHistory) -> Diagnostic {
    finding(
      at: feature.place,
      "`\(feature.name)` loses the history it has: \(history.reason); its window is whole \(history.fullText)",
      hint: "add it under a new name beside the old one, and let rules read it once its window is whole")
  }
}
