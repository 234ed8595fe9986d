internal import CEL
internal import Events
internal import Windows

/// Gives out the slots of a frame and puts the window plan together.
///
/// A frame holds, in this order: fields, the event's id, type and time, hashed fields, computed columns, features.
struct PlanAssembler {
  private let schema: CompiledSchema
  private let compiled: CompiledFeatures
  private let latenessMilliseconds: Int64

  private static let idRetentionMillisecondsMin: Int64 = 86_400_000

  init(_ schema: CompiledSchema, _ compiled: CompiledFeatures, latenessMilliseconds: Int64) {
    self.schema = schema
    self.compiled = compiled
    self.latenessMilliseconds = latenessMilliseconds
  }

  private var hashedBase: Int { schema.identitySlot + 3 }
  private var computedBase: Int { hashedBase + compiled.hashed.count }
  private var featureBase: Int { computedBase + compiled.computed.count }
  var slotCount: Int { featureBase + compiled.names.count }

  /// Whether every slot of a frame is for the same as in another one.
  func hasSameFrame(as other: PlanAssembler) -> Bool {
    compiled.hashed == other.compiled.hashed && compiled.computed.count == other.compiled.computed.count
      && compiled.names.map(\.name.value) == other.compiled.names.map(\.name.value)
  }

  /// The slot of the feature at `index` of `CompiledFeatures.names`.
  func featureSlot(_ index: Int) -> Int { featureBase + index }

  /// The index into `CompiledFeatures.names` of a feature's slot, nil for other slots.
  func featureIndex(_ slot: Int) -> Int? {
    slot >= featureBase && slot < slotCount ? slot - featureBase : nil
  }

  var hashedFields: [HashedField] {
    compiled.hashed.enumerated().map { HashedField(source: $0.element, slot: hashedBase + $0.offset) }
  }

  var computedColumns: [ComputedColumn] {
    compiled.computed.enumerated().map { index, draft in
      ComputedColumn(
        slot: computedBase + index, program: draft.program, neededByType: draft.neededByType,
        source: draft.source)
    }
  }

  /// The features in the order of the file.
  func features() -> [Feature] {
    var places: [String: (entity: Int, index: Int)] = [:]
    for (entity, draft) in compiled.entities.enumerated() {
      for (index, feature) in draft.features.enumerated() {
        places[feature.declaration.name.value] = (entity, index)
      }
    }
    return compiled.names.enumerated().compactMap { index, name in
      places[name.name.value].map { place in
        Feature(
          name: name.name.value, slot: featureSlot(index), type: name.type, entity: place.entity,
          index: place.index, exported: name.exported, sensitive: name.sensitive, place: name.name.place)
      }
    }
  }

  /// The plan, in which events of a type read what rules of that type read, and what is exported.
  func plan(rules: [Rule]) -> WindowPlan {
    let typeCount = schema.schema.types.count
    var readByType = [Set<Int>](repeating: [], count: typeCount)
    for (index, name) in compiled.names.enumerated() where name.exported {
      for type in 0..<typeCount { readByType[type].insert(index) }
    }
    for rule in rules {
      for type in 0..<typeCount where rule.appliesToType[type] {
        readByType[type].formUnion(rule.slots.compactMap(featureIndex))
      }
    }
    let slots = Dictionary(
      compiled.names.enumerated().map { ($0.element.name.value, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let entities = compiled.entities.map { entity($0, slots, readByType) }
    let longest =
      compiled.entities.flatMap(\.features).compactMap { feature in
        feature.declaration.overMilliseconds.map { $0.value + feature.declaration.delayMilliseconds }
      }.max() ?? 0
    return WindowPlan(
      identity: identity(entities), typeTags: schema.typeTags, entities: entities,
      latenessMillisecondsMax: latenessMilliseconds,
      idRetentionMilliseconds: max(longest + latenessMilliseconds, PlanAssembler.idRetentionMillisecondsMin))
  }

  private func entity(
    _ draft: EntityDraft, _ slots: [String: Int], _ readByType: [Set<Int>]
  ) -> EntityPlan {
    let indices = draft.features.map { slots[$0.declaration.name.value] ?? 0 }
    let recordsType = schema.schema.types.indices.map { type in
      draft.features.contains { $0.types?[type] ?? true }
    }
    let spans = draft.features.map { feature -> Int64 in
      guard let over = feature.declaration.overMilliseconds else { return .max }
      return over.value + feature.declaration.delayMilliseconds
    }
    let (retention, overflows) = (spans.max() ?? 0).addingReportingOverflow(latenessMilliseconds)
    return EntityPlan(
      name: draft.name, keySlots: draft.key.map(keySlot),
      columns: draft.columns.map {
        ColumnPlan(tag: $0.tag, slot: slot(of: $0.source), kind: $0.kind, isOwn: $0.isOwn)
      },
      features: zip(draft.features, indices).map { feature($0, slot: featureSlot($1)) },
      recordsType: recordsType,
      readsByType: readByType.map { read in indices.indices.filter { read.contains(indices[$0]) } },
      retentionMilliseconds: overflows ? .max : retention)
  }

  private func feature(_ draft: FeatureDraft, slot: Int) -> FeaturePlan {
    let declaration = draft.declaration
    let tags = draft.types.map { mask in zip(mask, schema.typeTags).compactMap { $0 ? $1 : nil }.sorted() }
    return FeaturePlan(
      slot: slot, aggregation: draft.aggregation, types: tags, condition: draft.condition, value: draft.value,
      currency: draft.currency, overMilliseconds: declaration.overMilliseconds?.value,
      last: declaration.last?.value, delayMilliseconds: declaration.delayMilliseconds,
      includesCurrent: declaration.includesCurrent, countsAcceptedOnly: declaration.countsAcceptedOnly,
      limit: declaration.limit, panes: declaration.panes?.value, empty: draft.empty)
  }

  private func keySlot(_ field: Int) -> Int {
    schema.schema.fields[field].sensitive ? slot(of: .hashed(field)) : field
  }

  private func slot(of source: ColumnSource) -> Int {
    switch source {
    case .recorded(let slot): slot
    case .hashed(let field): hashedBase + (compiled.hashed.firstIndex(of: field) ?? 0)
    case .computed(let index): computedBase + index
    }
  }

  /// Everything that the fold reads, so that state is never taken for that of another plan.
  private func identity(_ entities: [EntityPlan]) -> UInt64 {
    var hash = StableHash()
    hash.add(latenessMilliseconds)
    for tag in schema.typeTags { hash.add(tag) }
    for entity in entities {
      hash.add(entity.name)
      hash.add(entity.retentionMilliseconds)
      for slot in entity.keySlots { hash.add(slot) }
      for recorded in entity.recordsType { hash.add(recorded ? 1 : 0) }
      for column in entity.columns {
        hash.add(column.tag)
        hash.add(column.slot)
        hash.add(column.kind.name)
        hash.add(column.isOwn ? 1 : 0)
      }
      for (reads, type) in zip(entity.readsByType, 0...) {
        hash.add(type)
        for index in reads { hash.add(index) }
      }
      for feature in entity.features { PlanAssembler.add(feature, to: &hash) }
    }
    return hash.value
  }

  private static func add(_ feature: FeaturePlan, to hash: inout StableHash) {
    hash.add(feature.slot)
    hash.add(feature.aggregation.rawValue)
    hash.add(feature.types?.count ?? -1)
    for tag in feature.types ?? [] { hash.add(tag) }
    for column in [feature.condition, feature.value, feature.currency] { hash.add(column ?? -1) }
    hash.add(feature.overMilliseconds ?? -1)
    hash.add(feature.last ?? -1)
    hash.add(feature.delayMilliseconds)
    hash.add(feature.limit)
    if let panes = feature.panes { hash.add(panes) }
    hash.add((feature.includesCurrent ? 1 : 0) + (feature.countsAcceptedOnly ? 2 : 0))
    hash.add(feature.empty.map { Int($0.kind.rawValue) } ?? -1)
    hash.add(feature.empty?.payload ?? 0)
  }
}
