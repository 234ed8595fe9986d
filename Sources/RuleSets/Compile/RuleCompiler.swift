internal import CEL
internal import Events
internal import Windows

/// Turns declared rules into compiled ones and watches over what they have in common.
struct RuleCompiler {
  private let schema: CompiledSchema
  private let features: CompiledFeatures
  private let slots: PlanAssembler
  let expressions: ExpressionCompiler
  private let reasons: ReasonCompiler
  private let money: MoneyCheck
  private let findings: Findings
  private var placesOfIDs: [String: Diagnostic.Place] = [:]
  private var conditions: [String: (id: String, place: Diagnostic.Place)] = [:]
  private(set) var readSlots: Set<Int> = []
  private(set) var readLists: Set<String> = []

  init(
    _ schema: CompiledSchema, _ features: CompiledFeatures, _ slots: PlanAssembler,
    _ environment: Environment,
    _ findings: Findings
  ) {
    self.schema = schema
    self.features = features
    self.slots = slots
    self.findings = findings
    expressions = ExpressionCompiler(environment, findings)
    money = MoneyCheck(schema, features: (features, slots), findings)
    var meanings: [String: ReasonCompiler.Meaning] = [:]
    for variable in environment.variables {
      let isSensitive =
        slots.featureIndex(variable.slot).map { features.names[$0].sensitive }
        ?? (variable.slot < schema.schema.fields.count && schema.schema.fields[variable.slot].sensitive)
      meanings[variable.name] = ReasonCompiler.Meaning(slot: variable.slot, masked: isSensitive)
    }
    reasons = ReasonCompiler(meanings: meanings, findings: findings)
  }

  /// Nil for rules with errors, and for those that are off.
  mutating func compile(_ declaration: RuleDeclaration) -> Rule? {
    checkID(declaration)
    let mask = declaration.types.map { types in
      schema.mask(types, findings) ?? [Bool](repeating: true, count: schema.schema.types.count)
    }
    let sample = declaration.sample.flatMap { compile($0) }
    if let sample { missing.check(sample, declaration) }
    let suppressions = declaration.suppressions.compactMap { compile($0, declaration) }
    let reason = declaration.reason.map(reasons.compile)
    let shown = reason?.slots ?? []
    readSlots.formUnion(shown)
    guard let source = declaration.condition,
      let condition = expressions.compile(source, expecting: .bool)
    else { return nil }
    check(condition, source, declaration, mask ?? [])
    guard let id = declaration.id, let family = declaration.family, let mask, declaration.status != .off
    else {
      return nil
    }
    let read = Set(condition.checked.slots).union(shown).sorted()
    return Rule(
      id: id.value, title: declaration.title, family: family, status: declaration.status, appliesToType: mask,
      condition: condition.program, slots: read, features: read.compactMap(slots.featureIndex),
      source: source.value, score: declaration.score?.value ?? 0, decide: declaration.decide?.value,
      reason: reason ?? ReasonTemplate(parts: [.text(declaration.title)]),
      onMissing: declaration.onMissing?.value ?? .skip, onError: declaration.onError ?? .review,
      unavailable: declaration.unavailable, from: declaration.from?.value, until: declaration.until?.value,
      sample: sample, suppressions: suppressions, tags: declaration.tags, references: declaration.references,
      falsePositives: declaration.falsePositives, file: declaration.place.file,
      line: findings.line(of: id.place), place: id.place, conditionPlace: source.place)
  }

  private var missing: MissingCheck {
    MissingCheck(schema: schema, features: features, slots: slots, findings: findings)
  }

  private mutating func checkID(_ declaration: RuleDeclaration) {
    guard let id = declaration.id else { return }
    if let first = placesOfIDs[id.value] {
      findings.error(
        .duplicateRule, at: id.place, "two rules have the id `\(id.value)`",
        hint: "an id names one rule in the whole rule set: rename one, or take it out",
        notes: [Diagnostic.Note("the other is here", at: first)])
    } else {
      placesOfIDs[id.value] = id.place
    }
  }

  /// The ids of all rules, those that are off included.
  var ids: Set<String> { Set(placesOfIDs.keys) }

  private mutating func check(
    _ condition: ExpressionCompiler.Compiled, _ source: SourceString, _ declaration: RuleDeclaration,
    _ mask: [Bool]
  ) {
    let checked = condition.checked
    readSlots.formUnion(checked.slots)
    readLists.formUnion(checked.lists.map(\.name))
    LimitCheck(features: features, slots: slots, findings: findings).check(checked, source)
    money.check(checked, source)
    SensitiveFeatureCheck(features: features, slots: slots, findings: findings).check(checked, source)
    checkConstant(condition, source)
    checkRepeated(checked, source, declaration, mask)
    missing.check(checked, source, declaration)
  }

  private func checkConstant(_ condition: ExpressionCompiler.Compiled, _ source: SourceString) {
    guard condition.checked.slots.isEmpty,
      let holds = try? condition.program.holds(Frame(slotCount: slots.slotCount))
    else { return }
    findings.warning(
      .constantCondition, at: source.place,
      "the condition is always \(holds ? "true" : "false"): it reads no event",
      hint: holds ? "compare a field or a feature" : "to switch a rule off, say `status: off`")
  }

  private mutating func checkRepeated(
    _ checked: CheckedExpression, _ source: SourceString, _ declaration: RuleDeclaration, _ mask: [Bool]
  ) {
    guard let id = declaration.id, declaration.status != .off else { return }
    let key = "\(declaration.status.rawValue) \(mask) \(CanonicalText.of(checked.expression))"
    guard let first = conditions[key] else {
      conditions[key] = (id.value, source.place)
      return
    }
    // A copied rule is said once, by its id.
    guard first.id != id.value else { return }
    findings.warning(
      .repeatedCondition, at: source.place,
      "the rule `\(first.id)` has the same condition for the same events",
      hint: "merge the two, or take one out", notes: [Diagnostic.Note("it is here", at: first.place)])
  }

  /// The slot of a field that has one value; what else is named is said.
  private func scalarField(_ name: Located<String>) -> Int? {
    guard let slot = schema.field(name, findings) else { return nil }
    guard case .list = schema.schema.fields[slot].type else { return slot }
    findings.error(
      .fieldKind, at: name.place, "`\(name.value)` is a list: a single value is needed here",
      hint: "name a field such as `user.id`")
    return nil
  }

  private func compile(_ sample: RuleDeclaration.Sample) -> Rule.Sample? {
    scalarField(sample.field).map { Rule.Sample(basisPoints: sample.basisPoints, slot: $0) }
  }

  private func compile(
    _ suppression: RuleDeclaration.Suppression, _ declaration: RuleDeclaration
  ) -> Rule.Suppression? {
    guard let slot = scalarField(suppression.field) else { return nil }
    let field = schema.schema.fields[slot]
    guard schema.types[slot] != .error,
      let text = SuppressedValue(field: field, findings: findings).text(suppression)
    else { return nil }
    if let from = declaration.from, suppression.until.value <= from.value {
      findings.warning(
        .deadSuppression, at: suppression.until.place, "the suppression ends before the rule begins",
        hint: "take it out")
    }
    return Rule.Suppression(
      slot: slot, value: text, until: suppression.until.value, reason: suppression.reason)
  }
}

extension ReasonTemplate {
  /// The slots whose values it shows.
  var slots: [Int] {
    parts.compactMap { part in
      if case .value(let slot, _) = part { slot } else { nil }
    }
  }
}
