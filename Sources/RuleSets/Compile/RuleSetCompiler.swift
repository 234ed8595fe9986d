internal import CEL
internal import CELRegex
internal import Events
internal import Windows

/// Puts the compiled parts of a rule set together.
struct RuleSetCompiler {
  let schema: CompiledSchema
  let lists: [CompiledList]
  let declarations: Declarations
  let findings: Findings

  /// The rule set; of use only when there are no errors among the findings.
  func compile(tests: [RuleSetFile], version: String) -> RuleSet? {
    // Without all names each expression would be found full of unknown ones.
    guard declarations.isComplete else { return nil }
    let (features, slots, constants) = compileParts()
    let header = declarations.header
    let names = ruleEnvironment(features, slots, constants)
    var compiler = RuleCompiler(schema, features, slots, names, findings)
    let rules = declarations.rules.compactMap { compiler.compile($0) }
    warnOfUnused(features, slots, compiler)
    let testCompiler = TestCompiler(
      schema: schema.schema, rules: declarations.hasEveryRule ? compiler.ids : nil,
      declarations: declarations.rules, features: features.names, lists: lists, findings: findings)
    // Tests need to know where an event's id, type and time are.
    let compiledTests =
      declarations.schema?.identity == nil
      ? [] : testCompiler.compile(tests.filter { $0.path != StreamDeclaration.path })
    let streams = tests.first { $0.path == StreamDeclaration.path }.flatMap { file in
      StreamCompiler(rules: declarations.hasEveryRule ? compiler.ids : nil, findings: findings).compile(file)
    }
    guard let header, !findings.hasErrors else { return nil }
    return RuleSet(
      name: header.name, description: header.description, version: version, thresholds: header.thresholds,
      unavailable: header.unavailable, durability: header.durability, breaker: header.breaker,
      futureSkewMillisecondsMax: header.futureSkewMilliseconds,
      schema: schema.schema, plan: slots.plan(rules: rules), slotCount: slots.slotCount,
      hashedFields: slots.hashedFields, computedColumns: slots.computedColumns, features: slots.features(),
      lists: lists.map { NamedList(name: $0.name.value, elementType: $0.elementType, items: $0.items) },
      rules: rules, tests: compiledTests, streams: streams,
      draft: RuleSetDraft(
        schema: schema, lists: lists, declarations: declarations, features: features, slots: slots,
        environment: names))
  }

  /// The features, the frame, and one constant for each list: whoever makes another one hashes its items again.
  func compileParts() -> (
    features: CompiledFeatures, slots: PlanAssembler, constants: [Environment.Constant]
  ) {
    let constants = lists.map {
      Environment.Constant(
        name: $0.name.value, type: $0.elementType == .error ? .error : .list($0.elementType),
        value: .list($0.items))
    }
    let features = compileFeatures(constants)
    let lateness = declarations.header?.latenessMilliseconds ?? 0
    return (features, PlanAssembler(schema, features, latenessMilliseconds: lateness), constants)
  }

  private func compileFeatures(_ constants: [Environment.Constant]) -> CompiledFeatures {
    let names = Set(declarations.features.map(\.name.value))
    var compiler = FeatureCompiler(
      schema, environment(schema.variables, constants), featureNames: names, findings)
    return compiler.compile(declarations.features)
  }

  private func ruleEnvironment(
    _ features: CompiledFeatures, _ slots: PlanAssembler, _ constants: [Environment.Constant]
  ) -> Environment {
    let names = features.names.enumerated().map { index, feature in
      // What an empty window gives instead may be any number.
      let range = declarations.features[index].empty == nil ? feature.aggregation?.range : nil
      return Environment.Variable(
        name: feature.name.value, type: feature.type, slot: slots.featureSlot(index), range: range)
    }
    return environment(schema.variables + names, constants)
  }

  private func environment(
    _ variables: [Environment.Variable], _ constants: [Environment.Constant]
  ) -> Environment {
    var limits = Limits()
    limits.stepsBoundMax = declarations.header?.expressionStepsMax
    return Environment(
      variables: variables, constants: constants, regularExpressions: RE2Engine(),
      timeZones: TimeZoneDatabase(), extensions: .usual.union(.mappedAddresses), limits: limits,
      sizes: InputSizes(of: schema.schema))
  }

  private func warnOfUnused(_ features: CompiledFeatures, _ slots: PlanAssembler, _ rules: RuleCompiler) {
    // A rule that did not compile may be the one that uses them.
    guard !findings.hasErrors else { return }
    for (index, feature) in features.names.enumerated()
    where !feature.exported && !rules.readSlots.contains(slots.featureSlot(index)) {
      findings.warning(
        .unusedFeature, at: feature.name.place, "no rule reads the feature `\(feature.name.value)`",
        hint: "take it out, or say `export: true` to have it in every decision")
    }
    let readLists = features.readLists.union(rules.readLists)
    for list in lists where !readLists.contains(list.name.value) {
      findings.warning(
        .unusedList, at: list.name.place, "no rule and no feature reads the list `\(list.name.value)`",
        hint: "take it out")
    }
  }
}
