internal import CEL
package import RuleSets

/// What differs between two rule sets, whatever the events are.
package struct RuleSetDifference: Sendable {
  package let rules: [DefinitionChange]
  package let features: [DefinitionChange]
  package let lists: [DefinitionChange]
  package let fields: [DefinitionChange]
  /// Thresholds and what else `ruleset.yaml` says.
  package let decision: [DefinitionChange]
  /// The features that do not know all of their window when the change goes live over the logs that are there.
  package let histories: [FeatureHistory]
  /// Why a rule may answer otherwise, by its id; only rules that do.
  private let causes: [String: Cause]

  /// Why a rule may answer otherwise.
  private enum Cause: Sendable {
    case words(String)
    case details([DefinitionChange.Detail])
  }

  /// What turns `before` into `after`.
  package init(before: RuleSet, after: RuleSet) {
    let (old, new) = (RuleDefinitions(before), RuleDefinitions(after))
    rules = DefinitionChange.all(before: old.ofRules, after: new.ofRules)
    features = DefinitionChange.all(before: old.ofFeatures, after: new.ofFeatures)
    lists = DefinitionChange.all(before: old.ofLists, after: new.ofLists)
    fields = DefinitionChange.all(before: old.ofFields, after: new.ofFields)
    decision = DefinitionChange.all(before: old.ofWhole, after: new.ofWhole)
    histories = HistoryCheck(before: before, after: after).all()
    causes = Self.causes(before, after, rules, features: features, lists: lists)
  }

  /// Whether the two would decide every event alike.
  package var isEmpty: Bool {
    rules.isEmpty && features.isEmpty && lists.isEmpty && fields.isEmpty && decision.isEmpty
  }

  /// Why a party's part in a decision may differ; `mark` sets what authors wrote apart.
  package func cause(of party: ChangeParty, mark: (String) -> String = { $0 }) -> String {
    switch party {
    case .rule(let id):
      switch causes[id] {
      case .words(let words): words
      case .details(let details): details.map { $0.text(mark: mark) }.joined(separator: "; ")
      case nil: "what it reads depends on earlier decisions"
      }
    case .thresholds:
      (decision.first?.details ?? []).map { $0.text(mark: mark) }.joined(separator: "; ")
    case .breaker: "it counts the blocks of each rule set"
    }
  }

  private static func causes(
    _ before: RuleSet, _ after: RuleSet, _ rules: [DefinitionChange], features: [DefinitionChange],
    lists: [DefinitionChange]
  ) -> [String: Cause] {
    var causes: [String: Cause] = [:]
    let changedFeatures = Set(features.map(\.name))
    let changedLists = Set(lists.map(\.name))
    for ruleSet in [before, after] {
      for rule in ruleSet.rules where causes[rule.id] == nil {
        let read =
          rule.features.map { ruleSet.features[$0].name }.filter(changedFeatures.contains)
          + rule.namesInCondition.filter(changedLists.contains).sorted()
        if !read.isEmpty { causes[rule.id] = .words("reads \(read.joined(separator: ", ")), which changed") }
      }
    }
    // What an author did to the rule itself says more than what it reads.
    for change in rules {
      switch change.kind {
      case .added: causes[change.name] = .words("new")
      case .removed: causes[change.name] = .words("removed, or switched off")
      case .changed:
        let own = change.details.filter { !Self.wordsOnly.contains($0.name) }
        if !own.isEmpty { causes[change.name] = .details(own) }
      }
    }
    return causes
  }

  /// What a rule says without deciding anything by it.
  private static let wordsOnly: Set = ["reason"]
}

extension Rule {
  /// The first words of all names in its condition.
  fileprivate var namesInCondition: Set<String> {
    guard let expression = try? Expression.parse(source) else { return [] }
    return Set(
      expression.nodes.compactMap { node in
        if case .identifier(let name, _) = node.kind { name } else { nil }
      })
  }
}
