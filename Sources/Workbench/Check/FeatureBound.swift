internal import Events
internal import RuleSets
internal import Windows

/// The most that one key of a feature's entity takes in memory: the records that the feature may read, at the
/// largest size that a record of that entity can have. Features of one entity share its records.
struct FeatureBound {
  let name: String
  /// The fields whose values make the key.
  let key: String
  let records: Int
  let recordBytes: Int
  /// Panes instead of records.
  var panes: Int? = nil
  var bytes: Int { panes.map { ($0 + 1) * Self.paneBytes } ?? records * recordBytes }
  private static let paneBytes = 40

  /// The bounds of every feature, in the rule set's order.
  static func all(of rules: RuleSet) -> [FeatureBound] {
    rules.features.map { feature in
      let entity = rules.plan.entities[feature.entity]
      let plan = entity.features[feature.index]
      return FeatureBound(
        name: feature.name, key: entity.name, records: min(plan.limit, plan.last ?? plan.limit),
        recordBytes: recordBytes(entity), panes: plan.panes)
    }
  }

  /// Tag, kind and payload of each column behind the header and the event's id.
  private static func recordBytes(_ entity: EntityPlan) -> Int {
    entity.columns.reduce(RecordFormat.headerBytes + EventLimits.idBytesMax) { sum, column in
      switch column.kind {
      case .bool: sum + 5
      case .int, .quantised, .timestamp, .duration: sum + 5 + 8
      case .text: sum + 5 + 2 + RecordFormat.textBytesMax
      }
    }
  }

  /// The bound and what it is made of.
  var text: String {
    if let panes { return "\(panes) panes and one: \(bytesText)" }
    return "\(records) records of \(recordBytes) bytes: \(bytesText)"
  }

  /// As people read sizes.
  var bytesText: String {
    bytes < 1_024
      ? "\(bytes) bytes"
      : bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20).\(bytes % (1 << 20) * 10 >> 20) MiB"
  }
}
