internal import Events
internal import RuleSets
internal import Windows

/// How much of its window a feature knows at once when one rule set takes the place of another over the same logs.
package struct FeatureHistory: Hashable, Sendable {
  /// How much is there.
  package enum Extent: Hashable, Sendable {
    /// Nothing of what it needs was recorded.
    case nothing
    /// Records reach back so many milliseconds, and the window further.
    case partly(recordedMilliseconds: Int64)
  }

  package let feature: String
  /// Whether both rule sets have a feature of that name, so that it loses what it knew.
  package let isReset: Bool
  package let extent: Extent
  /// Why, in words.
  package let reason: String
  /// How long after the change the window is whole; nil where only its number of records bounds it.
  package let fullAfterMilliseconds: Int64?
  /// The number of records that bounds the window, where one does.
  package let last: Int?

  /// When the window knows all that it asks for.
  package var fullText: String {
    switch (fullAfterMilliseconds, last) {
    case (let span?, nil): "after \(DurationLiteral.text(span))"
    case (let span?, let last?): "after \(DurationLiteral.text(span)), or \(last) records of a key"
    case (nil, let last?): "after \(last) records of a key"
    case (nil, nil): "at once"
    }
  }
}

/// What the logs that one rule set writes hold for the features of another.
struct HistoryCheck {
  private let before: RuleSet
  private let after: RuleSet
  private let names: [String]

  init(before: RuleSet, after: RuleSet) {
    self.before = before
    self.after = after
    names = after.slotNames
  }

  /// The features of `after` that do not know all of their window at once, in their order.
  func all() -> [FeatureHistory] {
    let known = Set(before.features.map(\.name))
    return after.features.compactMap { feature in
      let entity = after.plan.entities[feature.entity]
      let plan = entity.features[feature.index]
      guard let lack = lack(plan, entity) else { return nil }
      var wait = plan.overMilliseconds.map { $0 + plan.delayMilliseconds }
      if case .partly(let recorded) = lack.extent { wait = wait.map { max(0, $0 - recorded) } }
      return FeatureHistory(
        feature: feature.name, isReset: known.contains(feature.name) && lack.extent == .nothing,
        extent: lack.extent, reason: lack.reason, fullAfterMilliseconds: wait, last: plan.last)
    }
  }

  private struct Lack {
    var extent = FeatureHistory.Extent.nothing
    let reason: String
  }

  private func lack(_ plan: FeaturePlan, _ entity: EntityPlan) -> Lack? {
    let key = keyText(entity)
    guard let older = before.plan.entities.first(where: { $0.name == entity.name }) else {
      return Lack(reason: "nothing was recorded by \(key)")
    }
    if keyForm(entity, after) != keyForm(older, before) {
      return Lack(reason: "\(key) is kept in another form")
    }
    let types = countedTypes(plan)
    if let type = types.first(where: { !records(older, type: $0) }) {
      return Lack(reason: "no record was kept of \(type) by \(key)")
    }
    for (role, index) in [("where", plan.condition), ("value", plan.value), ("currency", plan.currency)] {
      guard let index else { continue }
      if let reason = lacking(entity.columns[index], role, types, older) { return Lack(reason: reason) }
    }
    return reach(plan, entity, older)
  }

  /// Why the column that a feature needs is not in the records, nil where it is.
  private func lacking(_ column: ColumnPlan, _ role: String, _ types: [String], _ older: EntityPlan)
    -> String?
  {
    let what = role == "where" ? "the answer to its `where`" : "\(names[column.slot])"
    guard let known = older.columns.first(where: { $0.tag == column.tag && $0.kind == column.kind }) else {
      return "records do not have \(what)"
    }
    guard let computed = before.computedColumns.first(where: { $0.slot == known.slot }) else { return nil }
    let without = types.first { type in
      before.schema.types.firstIndex(of: type).map { !computed.neededByType[$0] } ?? false
    }
    return without.map { "records of \($0) do not have \(what)" }
  }

  /// Whether records reach back as far as the window.
  private func reach(_ plan: FeaturePlan, _ entity: EntityPlan, _ older: EntityPlan) -> Lack? {
    if plan.panes != nil, older.features.contains(where: { isSamePanes($0, older, as: plan, entity) }) {
      return nil
    }
    let exact = older.features.filter { $0.panes == nil }
    guard !exact.isEmpty else { return Lack(reason: "only panes of time were kept, no records") }
    let reaches = exact.map { feature -> Int64 in
      feature.overMilliseconds.map { $0 + feature.delayMilliseconds } ?? .max
    }
    let (recorded, overflows) = (reaches.max() ?? 0).addingReportingOverflow(
      before.plan.latenessMillisecondsMax)
    if overflows { return nil }
    guard let over = plan.overMilliseconds else {
      return Lack(
        extent: .partly(recordedMilliseconds: recorded),
        reason: "records reach back \(DurationLiteral.text(recorded)) only")
    }
    guard over + plan.delayMilliseconds > recorded else { return nil }
    return Lack(
      extent: .partly(recordedMilliseconds: recorded),
      reason: "records reach back \(DurationLiteral.text(recorded)) only")
  }

  private func isSamePanes(
    _ older: FeaturePlan, _ olderEntity: EntityPlan, as plan: FeaturePlan, _ entity: EntityPlan
  ) -> Bool {
    func tag(_ index: Int?, _ entity: EntityPlan) -> UInt32? { index.map { entity.columns[$0].tag } }
    return older.panes == plan.panes && older.types == plan.types
      && older.overMilliseconds == plan.overMilliseconds && older.aggregation == plan.aggregation
      && tag(older.condition, olderEntity) == tag(plan.condition, entity)
      && tag(older.value, olderEntity) == tag(plan.value, entity)
  }

  private func countedTypes(_ plan: FeaturePlan) -> [String] {
    guard let tags = plan.types else { return after.schema.types }
    return zip(after.schema.types, after.plan.typeTags).filter { tags.contains($0.1) }.map(\.0)
  }

  /// A type that the older schema does not know has no history that anyone could miss.
  private func records(_ entity: EntityPlan, type: String) -> Bool {
    before.schema.types.firstIndex(of: type).map { entity.recordsType[$0] } ?? true
  }

  private func keyText(_ entity: EntityPlan) -> String {
    entity.keySlots.map { names[$0] }.joined(separator: " and ")
  }

  /// What the bytes of a key depend on beside its values.
  private func keyForm(_ entity: EntityPlan, _ rules: RuleSet) -> [String] {
    entity.keySlots.map { slot in
      if rules.hashedFields.contains(where: { $0.slot == slot }) { return "hashed" }
      guard slot < rules.schema.fields.count else { return "own" }
      switch rules.schema.fields[slot].type {
      case .string, .enumeration: return "text"
      case .ip: return "address"
      case .int, .money: return "int"
      case .bool: return "bool"
      case .timestamp: return "timestamp"
      case .double, .list: return "no key"
      }
    }
  }
}
