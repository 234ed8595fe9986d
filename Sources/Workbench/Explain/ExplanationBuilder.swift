package import Assay
internal import CEL
internal import Events
package import RuleSets
internal import Windows

extension Explanation {
  /// Takes a decision apart. `only` names the rules to look at; nil takes all that look at events of this type.
  package init(_ examination: Examination, rules: RuleSet, only: Set<String>? = nil) {
    let builder = ExplanationBuilder(examination, rules, only: only)
    decision = examination.decision
    event = builder.facts
    steps = OutcomeSteps.of(examination.decision, rules.thresholds)
    self.rules = builder.rules
    isPart = only != nil
    nearest = Nearness.nearest(builder.rules, atMost: Self.nearestMax)
    missing = builder.missing
    let read = Set(builder.rules.flatMap(\.rule.features))
    features = examination.windows.filter { only == nil || read.contains($0.feature) }
    aggregations = builder.aggregations(features)
  }
}

extension RuleExplanation {
  /// Runs the rule's condition again, recording; what came of it is the decision's to say.
  init(
    _ rule: Rule, of event: borrowing Event, isFired: Bool, unanswered: Decision.NotEvaluated?,
    _ names: SlotNames
  ) {
    self.rule = rule
    if !isFired, unanswered == nil, let absence = rule.absence(event.frame, at: event.time) {
      (state, condition) = (.leftOut(absence), nil)
      return
    }
    state = unanswered.map { .noAnswer($0) } ?? (isFired ? .fired : .notFired)
    condition = ConditionTree(rule, over: event.frame, names, everywhere: true)
  }
}

private struct ExplanationBuilder {
  private let examination: Examination
  private let ruleSet: RuleSet
  private let names: SlotNames
  let rules: [RuleExplanation]

  init(_ examination: Examination, _ ruleSet: RuleSet, only: Set<String>?) {
    self.examination = examination
    self.ruleSet = ruleSet
    let names = SlotNames(ruleSet)
    self.names = names
    let event = examination.visit.event
    let decision = examination.decision
    let fired = Set(decision.fired)
    let unanswered = Dictionary(decision.notEvaluated.map { ($0.rule, $0) }) { first, _ in first }
    let ofType = ruleSet.rules.filter {
      $0.appliesToType.indices.contains(event.type) && $0.appliesToType[event.type]
    }
    rules = ofType.filter { only?.contains($0.id) ?? true }.map { rule in
      RuleExplanation(
        rule, of: event, isFired: fired.contains(rule.id), unanswered: unanswered[rule.id], names)
    }
  }

  var facts: Explanation.EventFacts {
    let event = examination.visit.event
    let types = ruleSet.schema.types
    var fields: [(name: String, value: Decision.FeatureValue.Value)] = []
    for (slot, field) in ruleSet.schema.fields.enumerated() where event.frame.slots.indices.contains(slot) {
      let stored = event.frame.slots[slot]
      if stored.kind == .missing { continue }
      fields.append((field.path, names.isSensitive(slot) ? .masked : event.frame.value(stored)))
    }
    return Explanation.EventFacts(
      id: examination.decision.event, type: types.indices.contains(event.type) ? types[event.type] : "",
      time: event.time, fields: fields)
  }

  /// `count`, `sum of payout.amount`, and by what.
  func aggregations(_ windows: [FeatureWindow]) -> [Int: String] {
    var found: [Int: String] = [:]
    for window in windows {
      let feature = ruleSet.features[window.feature]
      let plan = ruleSet.plan.entities[feature.entity].features[feature.index]
      found[window.feature] = plan.aggregation.rawValue
    }
    return found
  }
}

/// What is missing, and why.
extension ExplanationBuilder {
  var missing: [Explanation.MissingEvidence] {
    var askedBy: [String: [String]] = [:]
    var order: [String] = []
    func note(_ name: String, _ rule: String) {
      if askedBy[name] == nil { order.append(name) }
      if !(askedBy[name]?.contains(rule) ?? false) { askedBy[name, default: []].append(rule) }
    }
    for explained in rules {
      for node in explained.condition?.nodes ?? [] where node.children.isEmpty {
        for name in node.missing { note(name, explained.rule.id) }
      }
      if case .noAnswer(let answer) = explained.state, let field = answer.field {
        note(field, explained.rule.id)
      }
    }
    return order.map { Explanation.MissingEvidence(name: $0, why: why($0), rules: askedBy[$0] ?? []) }
  }

  private func why(_ name: String) -> String {
    guard let index = ruleSet.features.firstIndex(where: { $0.name == name }) else {
      return "the event does not have it"
    }
    let visit = examination.visit
    let feature = ruleSet.features[index]
    let entity = ruleSet.plan.entities[feature.entity]
    if let failure = visit.failure { return "its windows could not be read: \(failure.message)" }
    let lacking = entity.keySlots.first { visit.event.frame.slots[$0].kind == .missing }
    if let lacking { return "the event has no `\(fieldName(of: lacking))`, so it has no window" }
    let slot = visit.event.frame.slots[feature.slot]
    if slot.flags.contains(.evicted) { return "its records are gone: the memory for windows was too small" }
    if slot.flags.contains(.saturated) { return "its window holds more records than its limit" }
    let plan = entity.features[feature.index]
    if let column = plan.currency, visit.event.frame.slots[entity.columns[column].slot].kind == .missing {
      return "the event has no `\(fieldName(of: entity.columns[column].slot))`"
    }
    if slot.kind == .failure { return "it could not be computed" }
    return "its window holds too few records"
  }

  /// The field whose value, or whose hash, stands in the slot.
  private func fieldName(of slot: Int) -> String {
    names.name(of: ruleSet.hashedFields.first { $0.slot == slot }?.source ?? slot)
  }
}
