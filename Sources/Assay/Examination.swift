package import CEL
package import Events
internal import RuleSets
package import Windows

/// One event decided with everything that its decision was made of: what an explanation or a bundle needs, without
/// deciding twice.
package struct Examination: Sendable {
  /// The decision and the event.
  package let decided: ExaminedDecision
  /// The windows of the features that rules on events of this type read, at the event's own position; empty where they
  /// were not asked for.
  package let windows: [FeatureWindow]

  /// What the event came to.
  package var decision: Decision { decided.decision }
  /// The event with its fields and features, as the rules saw them.
  package var visit: Visit { decided.visit }
}

/// One feature of one event, and the records that it was computed from.
package struct FeatureWindow: Sendable {
  /// Index into `RuleSet.features`.
  package let feature: Int
  package let name: String
  /// The key's fields with their values; a sensitive value is masked, a missing one nil.
  package let key: [(path: String, value: String?)]
  package let value: Decision.FeatureValue.Value
  /// Why the value is less than the whole truth, or unknown: `saturated`, `warming`, `approximate`, `evicted`, `failed`.
  package let flags: [String]
  /// Records later than this count; milliseconds since 1970, nil where only a number of records bounds the window.
  package let from: Int64?
  /// Records up to this time count; without a delay also later ones that came before the event.
  package let to: Int64
  /// The newest so many records only.
  package let last: Int?
  /// The unit of a sum, mean, minimum or maximum of money.
  package let currency: String?
  /// How many records count; nil where no list of them is kept, or there is no window.
  package let count: Int?
  /// The newest of them, in the order of time.
  package let records: [Record]

  /// One record in a window.
  package struct Record: Sendable {
    /// Milliseconds since 1970.
    package let time: Int64
    package let type: String
    package let id: String
    /// What the feature aggregates; nil for features that only count.
    package let value: Decision.FeatureValue.Value?
    /// It is the event's own.
    package let isOwn: Bool
  }
}

extension Engine where Store == MemoryWindows {
  /// Decides one event, as `decide` does, and hands out what the decision was made of.
  ///
  /// - Parameter recordsMax: how many records of each window to list; nil asks for no windows.
  package func examine(_ event: consuming Event, recordsMax: Int?) throws(EventRefusal) -> Examination {
    var visit = try deciding.prepare(event)
    var windows: [FeatureWindow] = []
    let decision = try settle(&visit) { visit, _ in
      guard let recordsMax else { return }
      windows = WindowLister(deciding.rules, copy visit, recordsMax: recordsMax).list(store)
    }
    return Examination(decided: ExaminedDecision(decision, visit), windows: windows)
  }
}

/// What the windows gave for an event that was decided before.
package struct RecordedState: Sendable {
  /// Index into `RuleSet.features`, and the value; where that is text its bytes. Others are missing.
  package var features: [(feature: Int, slot: Slot, text: [UInt8]?)] = []
  package var isLate = false
  package var isRecomputed = false
  package var failure: StoreFailure?
  package var breaker: Decision.BreakerChange?

  /// No features.
  package init() {}
}

extension Engine {
  /// Decides a recorded event on what its windows gave then: neither store nor breaker is asked or told.
  package func examine(
    _ json: [UInt8], on state: RecordedState
  ) throws(EventRefusal) -> Examination {
    var visit = try deciding.prepare(decode(json.span))
    for (index, slot, text) in state.features {
      var slot = slot
      if let text {
        slot.payload = UInt64(visit.event.frame.arena.count)
        slot.length = UInt32(truncatingIfNeeded: text.count)
        visit.event.frame.arena += text
      }
      visit.event.frame.slots[deciding.rules.features[index].slot] = slot
    }
    visit.late = state.isLate
    visit.failure = state.failure
    if state.isRecomputed { visit.prior = .attempted }
    let decision = deciding.decide(visit, breaker: state.breaker)
    let windows = WindowLister(deciding.rules, visit, recordsMax: 0).list(nil)
    return Examination(decided: ExaminedDecision(decision, visit), windows: windows)
  }
}

/// Lists the windows of one event.
private struct WindowLister {
  let rules: RuleSet
  let visit: Visit
  let recordsMax: Int
  private let shown: ShownSlots

  init(_ rules: RuleSet, _ visit: Visit, recordsMax: Int) {
    self.rules = rules
    self.visit = visit
    self.recordsMax = recordsMax
    shown = ShownSlots(rules)
  }

  /// In the order of `features.yaml`; without a store there are no records to list.
  func list(_ store: MemoryWindows?) -> [FeatureWindow] {
    var read: Set<Int> = []
    for rule in rules.rules where rule.appliesToType[visit.event.type] { read.formUnion(rule.features) }
    for (index, feature) in rules.features.enumerated() where feature.exported { read.insert(index) }
    var found: [FeatureWindow] = []
    for (entity, features) in Dictionary(grouping: read, by: { rules.features[$0].entity }) {
      let append = visit.appends.firstIndex { $0.entity == entity }
      let names = LogNames(rules, entity: entity)
      guard let append, var reading = store?.reading(of: visit, at: append) else {
        found += features.map { window($0, nil, [:], names) }
        continue
      }
      let records = Self.records(in: reading.log)
      for feature in features {
        let listing = reading.members(of: rules.features[feature].index, for: visit)
        found.append(window(feature, listing, records, names))
      }
    }
    return found.sorted { $0.feature < $1.feature }
  }

  /// By offset in the log.
  private static func records(in log: [UInt8]) -> [Int: LogRecord] {
    var records: [Int: LogRecord] = [:]
    var offset = 0
    for record in (try? LogRecord.all(in: log)) ?? [] {
      records[offset] = record
      offset += record.byteCount
    }
    return records
  }

  private func window(
    _ index: Int, _ listing: WindowListing?, _ records: [Int: LogRecord], _ names: LogNames
  ) -> FeatureWindow {
    let feature = rules.features[index]
    let entity = rules.plan.entities[feature.entity]
    let plan = entity.features[feature.index]
    let slot = visit.event.frame.slots[feature.slot]
    let to = saturating(visit.event.time, minus: plan.delayMilliseconds)
    let members = listing?.members ?? []
    return FeatureWindow(
      feature: index, name: feature.name, key: key(of: entity),
      value: shown.contains(feature.slot) || slot.kind == .missing ? visit.event.frame.value(slot) : .masked,
      flags: Self.flags(slot), from: plan.overMilliseconds.map { saturating(to, minus: $0) }, to: to,
      last: plan.last, currency: shown.currency(of: feature.slot).flatMap { text(in: $0) },
      count: listing == nil ? nil : members.count,
      records: members.suffix(recordsMax).map { record($0, plan, entity, records[$0.offset], names) })
  }

  private func record(
    _ member: WindowListing.Member, _ plan: FeaturePlan, _ entity: EntityPlan, _ record: LogRecord?,
    _ names: LogNames
  ) -> FeatureWindow.Record {
    let own = visit.event.frame.arena[visit.event.id.range]
    var value: Decision.FeatureValue.Value?
    if let index = plan.value, let recorded = member.value {
      let column = entity.columns[index]
      value = shown.contains(column.slot) ? Self.value(recorded, column.kind) : .masked
    }
    return FeatureWindow.Record(
      time: member.time, type: record.map { names.type($0.typeTag) } ?? "",
      id: record.map { LogNames.text($0.id) } ?? "", value: value,
      isOwn: record.map { own.elementsEqual($0.id) } ?? false)
  }

  /// Truth values are folded as the numbers 0 and 1.
  private static func value(
    _ value: LogRecord.Value, _ kind: ColumnPlan.Kind
  ) -> Decision.FeatureValue.Value {
    if case .bool = kind, case .integer(let number) = value { return .bool(number != 0) }
    return LogNames.value(value, kind)
  }

  private func key(of entity: EntityPlan) -> [(path: String, value: String?)] {
    let paths = EntityAddress.name(of: entity).split(separator: ",").map(String.init)
    return zip(paths, entity.keySlots).map { path, slot in
      let stored = visit.event.frame.slots[slot]
      if stored.kind == .missing { return (path, nil) }
      return (path, shown.contains(slot) ? visit.event.frame.value(stored).text : "***")
    }
  }

  private func text(in slot: Int) -> String? {
    let stored = visit.event.frame.slots[slot]
    return stored.kind == .string ? visit.event.frame.text(stored) : nil
  }

  private static func flags(_ slot: Slot) -> [String] {
    var flags = slot.kind == .failure ? ["failed"] : []
    let marks: [(Slot.Flags, String)] = [
      (.saturated, "saturated"), (.warming, "warming"), (.approximate, "approximate"), (.evicted, "evicted"),
    ]
    for (flag, name) in marks where slot.flags.contains(flag) { flags.append(name) }
    return flags
  }

  private func saturating(_ time: Int64, minus span: Int64) -> Int64 {
    let (result, overflows) = time.subtractingReportingOverflow(span)
    return overflows ? .min : result
  }
}
