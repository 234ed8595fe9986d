package import RuleSets
internal import CEL
internal import Events
package import Windows

/// An entity's log, and what its windows hold at a moment.
package struct EntityState: Sendable {
  package let address: EntityAddress
  /// The moment that features are read at; milliseconds since 1970.
  package let time: Int64
  /// Older records are gone for good; milliseconds.
  package let retention: Int64
  /// Nil where the entity has no log.
  package private(set) var log: Contents?

  /// A log and its windows.
  package struct Contents: Sendable {
    package let byteCount: Int
    /// When the store lets go of the log if nobody appends; milliseconds from now.
    package let expiresIn: Int64?
    /// In the log's order, which is that of arrival.
    package let records: [Record]
    /// In the order of `features.yaml`.
    package let features: [Feature]

    /// How many records at the end of the log came after the moment and are left out of the features.
    package let laterCount: Int
  }

  /// One record with its names.
  package struct Record: Sendable {
    package let record: LogRecord
    /// The event's type; its tag where the rule set has no such type.
    package let type: String
    /// What the log says of an event elsewhere, or the record of itself.
    package let marks: [String]
    /// The columns that have a value.
    package let columns: [Column]
  }

  /// A recorded value.
  package struct Column: Sendable {
    /// A field's path, an expression, or a tag that the rule set does not know.
    package let name: String
    package let value: Decision.FeatureValue.Value
    /// It is the keyed hash of a sensitive value.
    package let isHashed: Bool
  }

  /// A feature's present value.
  package struct Feature: Sendable {
    package let name: String
    /// What it looks back upon.
    package let window: Window
    /// Of a sum, mean, minimum or maximum of money.
    package let currency: String?
    package let value: Decision.FeatureValue.Value
    /// Why the value is less than the whole truth, or unknown.
    package let flags: [String]
  }

  /// How far a feature looks back.
  package struct Window: Sendable, Equatable {
    /// The span of time; nil is unbounded.
    package let milliseconds: Int64?
    /// The newest so many records only.
    package let last: Int?
    /// How far before the event the window ends.
    package let delayMilliseconds: Int64
  }

  /// Folds the log of the entity at `address` and reads its windows at `time`, as an event would that is dated so and
  /// leaves no record.
  ///
  /// - Parameters:
  ///   - isPast: the event arrives when it is dated, before the first event with a later date; otherwise now, and then all
  ///     records count: windows have no right bound.
  ///   - visit: what an engine that reads all features says of the entity (`look`).
  ///   - stored: the log; nil where the entity has none.
  package init(
    _ address: EntityAddress, at time: Int64, isPast: Bool, rules: RuleSet, visit: Visit, stored: StoredLog?
  ) throws(StoreFailure) {
    self.init(address, at: time, rules)
    guard let stored else { return }
    let found = try LogRecord.all(in: stored.bytes)
    let later = isPast ? found.firstIndex { $0.kind == .event && $0.time > time } : nil
    let known = found[..<(later ?? found.count)]
    let end = known.reduce(0) { $0 + $1.byteCount }
    let reading = try LogReading(stored.bytes, upTo: end, plan: visit.plan, entity: address.entity)
    log = try Contents(found, known, reading, expiresIn: stored.expiresIn, of: visit, address, rules)
  }

  /// The log and the windows of the entity at `address` at `time`, the present, where they are folded already.
  package init(
    _ address: EntityAddress, at time: Int64, rules: RuleSet, visit: Visit, reading: consuming LogReading
  ) throws(StoreFailure) {
    self.init(address, at: time, rules)
    let found = try LogRecord.all(in: reading.log)
    log = try Contents(found, found[...], reading, expiresIn: nil, of: visit, address, rules)
  }

  private init(_ address: EntityAddress, at time: Int64, _ rules: RuleSet) {
    self.address = address
    self.time = time
    retention = rules.plan.entities[address.entity].retentionMilliseconds
    log = nil
  }
}

extension EntityState.Contents {
  fileprivate init(
    _ found: [LogRecord], _ known: ArraySlice<LogRecord>, _ reading: consuming LogReading, expiresIn: Int64?,
    of visit: Visit, _ address: EntityAddress, _ rules: RuleSet
  ) throws(StoreFailure) {
    byteCount = found.reduce(0) { $0 + $1.byteCount }
    self.expiresIn = expiresIn
    laterCount = found.count - known.count
    let names = LogNames(rules, entity: address.entity)
    let marks = LogMarks(found)
    records = found.enumerated().map { index, record in
      EntityState.Record(
        record: record, type: names.type(record.typeTag), marks: marks.of(index, record),
        columns: record.columns.compactMap(names.column))
    }
    var windows = WindowReader(visit: visit, reading: reading)
    features = try windows.features(rules, entity: address.entity, currencies: names.currencies(known))
  }
}

/// Reads features one currency after another.
private struct WindowReader: ~Copyable {
  var visit: Visit
  var reading: LogReading

  mutating func features(
    _ rules: RuleSet, entity: Int, currencies: [[UInt8]]
  ) throws(StoreFailure) -> [EntityState.Feature] {
    let own = rules.features.filter { $0.entity == entity }
    let plans = rules.plan.entities[entity].features
    let shown = ShownSlots(rules)
    try reading.read(into: &visit)
    var found = own.map { plans[$0.index].currency == nil ? [feature($0, nil)] : [] }
    for currency in currencies {
      let slot = Slot(
        kind: .string, length: UInt32(currency.count), payload: UInt64(visit.event.frame.arena.count))
      visit.event.frame.arena.append(contentsOf: currency)
      try reading.read(into: &visit, currency: slot)
      for (index, feature) in own.enumerated() where plans[feature.index].currency != nil {
        let name = shown.currency(of: feature.slot).map { _ in String(decoding: currency, as: UTF8.self) }
        found[index].append(self.feature(feature, name ?? "***"))
      }
    }
    // Without money in the log there is no currency to read it in.
    for (index, feature) in own.enumerated() where found[index].isEmpty {
      found[index] = [self.feature(feature, nil)]
    }
    return found.flatMap { $0 }
  }

  private func window(_ feature: Feature) -> EntityState.Window {
    let plan = visit.plan.entities[feature.entity].features[feature.index]
    return EntityState.Window(
      milliseconds: plan.overMilliseconds, last: plan.last, delayMilliseconds: plan.delayMilliseconds)
  }

  private func feature(_ feature: Feature, _ currency: String?) -> EntityState.Feature {
    let slot = visit.event.frame.slots[feature.slot]
    var flags: [String] = []
    if slot.kind == .failure { flags.append("failed") }
    if slot.flags.contains(.saturated) { flags.append("saturated") }
    if slot.flags.contains(.warming) { flags.append("warming") }
    if slot.flags.contains(.approximate) { flags.append("approximate") }
    if slot.flags.contains(.evicted) { flags.append("lost") }
    return EntityState.Feature(
      name: feature.name, window: window(feature), currency: currency,
      value: feature.sensitive && slot.kind != .missing ? .masked : visit.event.frame.value(slot),
      flags: flags)
  }
}
