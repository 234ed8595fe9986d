package import CEL
internal import Events
internal import Windows

/// What a rule set was compiled from, so that tools can try it with one part changed, without reading its files again.
///
/// A class: the rule set carries it for one reference.
package final class RuleSetDraft: Sendable {
  let schema: CompiledSchema
  let lists: [CompiledList]
  let declarations: Declarations
  private let features: CompiledFeatures
  private let slots: PlanAssembler
  /// What conditions of rules may name.
  private let environment: Environment

  init(
    schema: CompiledSchema, lists: [CompiledList], declarations: Declarations, features: CompiledFeatures,
    slots: PlanAssembler, environment: Environment
  ) {
    self.schema = schema
    self.lists = lists
    self.declarations = declarations
    self.features = features
    self.slots = slots
    self.environment = environment
  }

  /// An expression over the names of rules' conditions, checked; nil where it has errors.
  package func checked(_ text: String) -> CheckedExpression? {
    compiler(Findings()).expressions.compile(SourceString(made: text))?.checked
  }

  /// An expression over the names of rules' conditions, ready to run; nil where it has errors.
  package func program(_ text: String) -> Program? {
    compiler(Findings()).expressions.compile(SourceString(made: text))?.program
  }

  /// Whether an event may leave the value of a slot out, or a window have none.
  package func canBeMissing(_ slot: Int) -> Bool {
    guard let index = slots.featureIndex(slot) else { return schema.isOptional(slot) }
    let feature = features.names[index]
    if !feature.optionalFields.isEmpty { return true }
    let hasOwnEmpty: Bool =
      switch feature.aggregation {
      case .count, .sum, .distinct, nil: true
      case .mean, .min, .max, .stddev, .share, .first, .last, .sinceFirst, .sinceLast, .gapMean,
        .gapVariation:
        false
      }
    return !hasOwnEmpty && declarations.features[index].empty == nil
  }

  private func compiler(_ findings: Findings) -> RuleCompiler {
    RuleCompiler(schema, features, slots, environment, findings)
  }
}

extension RuleSet {
  /// The rule set with something else in one place; nil where that has errors. Its version stays.
  package func changed(_ part: DraftPart, to content: DraftPart.Content) -> RuleSet? {
    guard let draft else { return nil }
    switch part.owner {
    case .rule:
      return draft.rule(part.index, with: content).map { rule in
        with(rules: rules.map { $0.id == rule.id ? rule : $0 })
      }
    case .feature: return draft.changed(self, feature: part.index, to: content)
    }
  }

  /// The rule set with other items in some of its lists; nil where that has errors. Its version stays.
  package func changed(lists overrides: [ListOverride]) -> RuleSet? {
    guard !overrides.isEmpty else { return self }
    return draft?.changed(self, lists: overrides)
  }
}

extension RuleSetDraft {
  fileprivate func rule(_ index: Int, with content: DraftPart.Content) -> Rule? {
    guard declarations.rules.indices.contains(index) else { return nil }
    var declaration = declarations.rules[index]
    switch content {
    case .condition(let text): declaration.condition = SourceString(made: text, at: declaration.place)
    case .score(let score): declaration.score = Located(value: score, place: declaration.place)
    case .decide(let outcome): declaration.decide = Located(value: outcome, place: declaration.place)
    case .onMissing(let policy):
      declaration.onMissing = Located(value: policy, place: declaration.place)
    case .filter, .value, .over, .delay, .last: return nil
    }
    let findings = Findings()
    var compiler = compiler(findings)
    let rule = compiler.compile(declaration)
    return findings.hasErrors ? nil : rule
  }

  fileprivate func changed(_ base: RuleSet, feature index: Int, to content: DraftPart.Content) -> RuleSet? {
    guard declarations.features.indices.contains(index) else { return nil }
    var changed = declarations
    let place = changed.features[index].name.place
    switch content {
    case .filter(let text): changed.features[index].condition = SourceString(made: text, at: place)
    case .value(let text): changed.features[index].value = SourceString(made: text, at: place)
    case .over(let span): changed.features[index].overMilliseconds = Located(value: span, place: place)
    case .delay(let span): changed.features[index].delay = Located(value: span, place: place)
    case .last(let count): changed.features[index].last = Located(value: count, place: place)
    case .condition, .score, .decide, .onMissing: return nil
    }
    let findings = Findings()
    let compiler = RuleSetCompiler(schema: schema, lists: lists, declarations: changed, findings: findings)
    let parts = compiler.compileParts()
    guard !findings.hasErrors else { return nil }
    // Mostly the frame stays as it is, and with it every condition.
    guard parts.slots.hasSameFrame(as: slots), parts.features.hasSameTypes(as: features) else {
      return compiler.compile(tests: [], version: base.version).map { $0.with(tests: base.tests) }
    }
    return base.with(
      plan: parts.slots.plan(rules: base.rules), computedColumns: parts.slots.computedColumns)
  }

  fileprivate func changed(_ base: RuleSet, lists overrides: [ListOverride]) -> RuleSet? {
    let changed = lists.map { list in
      guard let other = overrides.last(where: { $0.name == list.name.value }) else { return list }
      return CompiledList(name: list.name, elementType: list.elementType, items: other.items)
    }
    let findings = Findings()
    let compiler = RuleSetCompiler(
      schema: schema, lists: changed, declarations: declarations, findings: findings)
    return compiler.compile(tests: [], version: base.version).map { $0.with(tests: base.tests) }
  }
}

extension SourceString {
  /// A text that no file has.
  init(made text: String, at place: Diagnostic.Place = Diagnostic.Place(file: "", span: nil)) {
    self.init(
      scalar: YAMLScalar(text: text, style: .plain), place: Diagnostic.Place(file: place.file, span: nil))
  }
}

extension CompiledFeatures {
  /// Whether rules see the same values in the same places.
  fileprivate func hasSameTypes(as other: CompiledFeatures) -> Bool {
    names.map(\.type) == other.names.map(\.type)
  }
}
