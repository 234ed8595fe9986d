internal import CEL
internal import Events
internal import Windows

/// Turns declared features into entities, columns and windows.
struct FeatureCompiler {
  let schema: CompiledSchema
  let findings: Findings
  let expressions: ExpressionCompiler
  private let money: MoneyCheck
  /// Names that a feature may not read: those of features.
  let featureNames: Set<String>
  /// What stands for a list's contents in the definitions of columns, by the list's name.
  var listIdentities: [String: String] = [:]
  var result = CompiledFeatures()

  init(
    _ schema: CompiledSchema, _ environment: Environment, featureNames: Set<String>, _ findings: Findings
  ) {
    self.schema = schema
    self.findings = findings
    self.featureNames = featureNames
    expressions = ExpressionCompiler(environment, findings)
    money = MoneyCheck(schema, findings)
  }

  mutating func compile(_ declarations: [FeatureDeclaration]) -> CompiledFeatures {
    for declaration in declarations {
      let draft = compile(declaration)
      result.names.append(
        CompiledFeatures.Name(
          name: declaration.name, type: draft?.type ?? .error, sensitive: draft?.sensitive ?? false,
          optionalFields: draft?.optionalFields ?? [],
          limit: declaration.panes == nil ? declaration.limit : .max, aggregation: draft?.aggregation,
          exported: declaration.exported, isMoney: draft?.currency != nil))
    }
    return result
  }

  private mutating func compile(_ declaration: FeatureDeclaration) -> FeatureDraft? {
    let key = compileKey(declaration.key)
    let types = schema.mask(declaration.types, findings)
    let value = declaration.value.flatMap { compileValue($0, declaration) }
    let condition = declaration.condition.flatMap { compile($0, expecting: .bool) }
    for checked in [value?.checked, condition?.checked] {
      result.readLists.formUnion(checked?.lists.map(\.name) ?? [])
    }
    guard let aggregation = declaration.aggregation, let key, !key.isEmpty else { return nil }
    guard declaration.value == nil || value != nil, declaration.condition == nil || condition != nil else {
      return nil
    }
    let type = aggregation.value.resultType(of: value?.checked.type)
    let empty = declaration.empty.flatMap { EmptyValue.slot($0, for: type, findings) }
    let currency = value.flatMap { self.currency(of: $0.checked, aggregation.value, declaration) }
    let tellsValue = aggregation.value == .first || aggregation.value == .last
    let tellsSensitive = tellsValue && (value?.checked.namedSlot).map { isSensitive($0) } ?? false

    let asked = [value, condition].compactMap { $0?.checked }
      .flatMap { Set($0.slots).subtracting($0.testedSlots) }
    let optionalFields = Set(key + asked).filter(schema.isOptional).sorted()
    let entity = entityIndex(key)
    var draft = FeatureDraft(
      declaration: declaration, aggregation: aggregation.value, types: types, type: type,
      sensitive: tellsSensitive, empty: empty, optionalFields: optionalFields)
    if let condition { draft.condition = column(condition, declaration.condition, types, entity) }
    if let value { draft.value = column(value, declaration.value, types, entity) }
    if let currency { draft.currency = fieldColumn(currency, entity) }
    guard declaration.value == nil || draft.value != nil, condition == nil || draft.condition != nil else {
      return nil
    }
    result.entities[entity].features.append(draft)
    return draft
  }

  private mutating func compileKey(_ names: [Located<String>]) -> [Int]? {
    guard names.count <= RuleSetLimits.keyFieldsMax else {
      findings.error(
        .tooMany, at: names[RuleSetLimits.keyFieldsMax].place,
        "a key of \(names.count) fields, at most \(RuleSetLimits.keyFieldsMax) are allowed")
      return nil
    }
    var slots: [Int] = []
    for name in names {
      guard let slot = schema.field(name, findings) else { continue }
      if slots.contains(slot) {
        findings.error(.duplicateName, at: name.place, "the field `\(name.value)` stands twice in the key")
      }
      switch schema.schema.fields[slot].type {
      case .double, .money, .list:
        findings.error(
          .fieldKind, at: name.place, "`\(name.value)` is \(schema.types[slot].spelled) and cannot be a key",
          hint: "a key is text, an integer, a timestamp or true/false")
      default: slots.append(slot)
      }
    }
    return slots.count == names.count ? slots : nil
  }

  private func compile(_ text: SourceString, expecting type: CELType?) -> ExpressionCompiler.Compiled? {
    let compiled = expressions.compile(text, expecting: type) { finding in
      let bytes = Array(text.value.utf8)[finding.span.clamped(to: 0..<text.value.utf8.count)]
      let name = String(decoding: bytes, as: UTF8.self)
      guard featureNames.contains(name) else { return finding }
      return ExpressionDiagnostic(
        code: RuleSetCode.notAnEventName.rawValue, span: finding.span,
        message: "`\(name)` is a feature; what a feature records is computed from the event alone",
        hint: "use fields and lists here, and `\(name)` in the rule's condition")
    }
    if let compiled { money.check(compiled.checked, text) }
    return compiled
  }

  private func compileValue(
    _ text: SourceString, _ declaration: FeatureDeclaration
  ) -> ExpressionCompiler.Compiled? {
    guard let aggregation = declaration.aggregation else { return nil }
    let isShare = aggregation.value == .share
    guard let compiled = compile(text, expecting: isShare ? .bool : nil) else { return nil }
    let type = compiled.checked.type
    guard type != .error else { return nil }
    guard aggregation.value.takes(type) else {
      findings.error(
        .aggregationType, at: text.place,
        "`\(aggregation.value.rawValue)` cannot be computed over `\(SourceNode.shortened(text.value))`, which is "
          + type.spelled,
        hint: aggregation.value.wants(instead: type))
      return nil
    }
    // A condition tells little; any other value computed from text tells of the text.
    if !isShare, let slot = compiled.checked.valueSlots.first(where: isSensitive),
      compiled.checked.namedSlot == nil
    {
      let path = schema.schema.fields[slot].path
      findings.error(
        .sensitiveExpression, at: text.place,
        "what is computed from the sensitive field `\(path)` would be recorded and shown in clear",
        hint: "aggregate `\(path)` itself: it is recorded as a keyed hash; or ask about it in `where`")
      return nil
    }
    return compiled
  }

  func isSensitive(_ slot: Int) -> Bool {
    slot < schema.schema.fields.count && schema.schema.fields[slot].sensitive
  }

  /// The currency that an aggregate of money is kept by.
  private func currency(
    of checked: CheckedExpression, _ aggregation: Aggregation, _ declaration: FeatureDeclaration
  ) -> Int? {
    guard [.sum, .mean, .min, .max, .stddev].contains(aggregation) else { return nil }
    var paths: [String] = []
    for slot in checked.slots where slot < schema.schema.fields.count {
      if case .money(_, let currency) = schema.schema.fields[slot].type, !paths.contains(currency) {
        paths.append(currency)
      }
    }
    if paths.count > 1, let value = declaration.value {
      findings.error(
        .mixedCurrencies, at: value.place,
        "amounts with different currencies in one value: \(Choices.text(paths, joinedBy: "and"))",
        hint: "make a feature of each")
    }
    return paths.first.flatMap { schema.slot(of: $0) }
  }

  private mutating func entityIndex(_ key: [Int]) -> Int {
    if let index = result.entities.firstIndex(where: { $0.key == key }) { return index }
    for slot in key where isSensitive(slot) { hash(slot) }
    let name = key.map { schema.schema.fields[$0].path }.joined(separator: "+")
    result.entities.append(EntityDraft(name: name, key: key))
    return result.entities.count - 1
  }

  mutating func hash(_ slot: Int) {
    if !result.hashed.contains(slot) { result.hashed.append(slot) }
  }
}
