internal import CEL

/// An entity plan made ready for the fold: features that share members, value, currency and limit form a group and
/// stand side by side; all descriptions are flat values without references.
package final class FoldLayout: Sendable {
  package let identity: UInt64
  /// The entity's name as keys begin with it, ended by a zero byte.
  let keyPrefix: ContiguousArray<UInt8>
  let keySlots: ContiguousArray<Int>
  let columns: ContiguousArray<ColumnPlan>
  let columnTags: ContiguousArray<UInt32>
  /// Which columns an amendment leaves as they are.
  let columnIsOwn: ContiguousArray<Bool>
  /// The slot of each column, for the current event's currency.
  let columnSlots: ContiguousArray<Int>
  let groups: ContiguousArray<GroupLayout>
  let features: ContiguousArray<FeatureLayout>
  let typeTags: ContiguousArray<UInt32>
  /// By event type: features read before and after the event's own record is counted, in the order of groups.
  let readsBefore: ContiguousArray<ContiguousArray<Int>>
  let readsAfter: ContiguousArray<ContiguousArray<Int>>
  let recordsType: ContiguousArray<Bool>
  let lateness: Int64
  /// Records this much older than the newest are gone for good; `Int64.max` when a feature has no span.
  package let retention: Int64
  package let countsAcceptedOnly: Bool
  /// About what a record adds to the fold: its place in the index and an entry with a value in each group.
  let bytesPerRecord: Int

  /// Whether an event of `type` reads a feature here.
  package func reads(_ type: Int) -> Bool { !readsBefore[type].isEmpty || !readsAfter[type].isEmpty }
  /// Whether an event of `type` leaves a record here.
  package func records(_ type: Int) -> Bool { recordsType[type] }

  init(_ entity: EntityPlan, identity: UInt64, lateness: Int64) {
    var builder = FoldLayoutBuilder(columns: entity.columns, lateness: lateness)
    let order = builder.add(entity.features)
    self.identity = identity
    self.lateness = lateness
    keyPrefix = ContiguousArray(entity.name.utf8) + [0]
    keySlots = ContiguousArray(entity.keySlots)
    columns = ContiguousArray(entity.columns)
    columnTags = ContiguousArray(entity.columns.map(\.tag))
    columnIsOwn = ContiguousArray(entity.columns.map(\.isOwn))
    columnSlots = ContiguousArray(entity.columns.map(\.slot))
    groups = builder.groups
    features = builder.features
    typeTags = builder.typeTags
    recordsType = ContiguousArray(entity.recordsType)
    retention = builder.groups.reduce(entity.retentionMilliseconds) { max($0, $1.span) }
    bytesPerRecord = 8 + builder.groups.reduce(0) { $0 + ($1.values == .none ? 16 : 24) }
    countsAcceptedOnly = builder.groups.contains { $0.acceptedOnly }
    var before = ContiguousArray<ContiguousArray<Int>>()
    var after = before
    for reads in entity.readsByType {
      let places = reads.map { order[$0] }.sorted()
      before.append(ContiguousArray(places.filter { builder.features[$0].readsBefore }))
      after.append(ContiguousArray(places.filter { !builder.features[$0].readsBefore }))
    }
    readsBefore = before
    readsAfter = after
  }
}

/// What the members of one group have in common.
struct GroupLayout {
  /// What an entry carries beside its time.
  enum Values: UInt8 { case none, integer, text }

  /// Range of `FoldLayout.typeTags`; nil counts every type.
  var types: Range<Int>?
  /// Columns, or -1.
  var condition: Int
  var value: Int
  var currency: Int
  var values: Values
  var acceptedOnly: Bool
  /// Some feature counts different values.
  var pooled: Bool
  /// All features are plain.
  var isPlain: Bool
  var limit: Int
  /// The longest `delay + over` plus lateness; `Int64.max` when a feature has no span.
  var span: Int64
  var features: Range<Int>
}

/// One feature in its group.
struct FeatureLayout {
  /// What is kept up to date while the window moves.
  enum Running: UInt8 { case bounds, sum, squares, gaps, extreme, distinct }

  var group: Int
  var slot: Int
  var aggregation: Aggregation
  var running: Running
  var delay: Int64
  /// From the event back to where the window begins, delay included; `Int64.max` is unbounded.
  var reach: Int64
  /// `Int.max` for all.
  var last: Int
  /// Read before the event's own record is counted.
  var readsBefore: Bool
  var hasEmpty: Bool
  var empty: Slot
  /// The kind of slot that an aggregated value becomes, and the power of ten it is divided by.
  var valueKind: Slot.Kind
  var scale: Double

  /// Keeps nothing but bounds and a sum while its window moves.
  var isPlain: Bool { running == .bounds || running == .sum }
}

/// Sorts features into groups.
struct FoldLayoutBuilder {
  private struct Key: Hashable {
    var types: [UInt32]?
    var condition: Int?
    var value: Int?
    var currency: Int?
    var acceptedOnly: Bool
    var limit: Int
  }

  let columns: [ColumnPlan]
  let lateness: Int64
  var groups = ContiguousArray<GroupLayout>()
  var features = ContiguousArray<FeatureLayout>()
  var typeTags = ContiguousArray<UInt32>()

  init(columns: [ColumnPlan], lateness: Int64) {
    self.columns = columns
    self.lateness = lateness
  }

  /// Adds all features of an entity; returns the place of each in `features`.
  mutating func add(_ plans: [FeaturePlan]) -> [Int] {
    var keys: [Key] = []
    var members: [[Int]] = []
    for (index, plan) in plans.enumerated() {
      let key = Key(
        types: plan.types, condition: plan.condition, value: plan.value, currency: plan.currency,
        acceptedOnly: plan.countsAcceptedOnly, limit: plan.limit)
      if let group = keys.firstIndex(of: key) {
        members[group].append(index)
      } else {
        keys.append(key)
        members.append([index])
      }
    }
    var order = Array(repeating: 0, count: plans.count)
    for (group, indices) in members.enumerated() {
      let start = features.count
      for index in indices {
        order[index] = features.count
        features.append(feature(plans[index], group: group))
      }
      groups.append(self.group(plans[indices[0]], features: start..<features.count))
    }
    return order
  }

  private mutating func group(_ plan: FeaturePlan, features range: Range<Int>) -> GroupLayout {
    let start = typeTags.count
    if let types = plan.types { typeTags.append(contentsOf: types) }
    var span: Int64 = 0
    for feature in features[range] {
      span = max(span, feature.reach.addingSaturated(lateness))
    }
    let values: GroupLayout.Values =
      switch plan.value.map({ columns[$0].kind }) {
      case nil: .none
      case .text: .text
      default: .integer
      }
    return GroupLayout(
      types: plan.types == nil ? nil : start..<typeTags.count, condition: plan.condition ?? -1,
      value: plan.value ?? -1, currency: plan.currency ?? -1, values: values,
      acceptedOnly: plan.countsAcceptedOnly, pooled: features[range].contains { $0.running == .distinct },
      isPlain: features[range].allSatisfy(\.isPlain), limit: max(plan.limit, 1), span: span, features: range)
  }

  private func feature(_ plan: FeaturePlan, group: Int) -> FeatureLayout {
    var scale = 1.0
    var kind = Slot.Kind.int
    if let value = plan.value {
      switch columns[value].kind {
      case .bool: kind = .bool
      case .int: kind = .int
      case .quantised(let digits): (kind, scale) = (.double, DecimalScale.power(digits))
      case .timestamp: kind = .timestamp
      case .duration: kind = .duration
      case .text: kind = .string
      }
    }
    let delay = max(plan.delayMilliseconds, 0)
    let readsBefore = !plan.includesCurrent || plan.aggregation == .last || plan.aggregation == .sinceLast
    return FeatureLayout(
      group: group, slot: plan.slot, aggregation: plan.aggregation, running: plan.aggregation.running,
      delay: delay, reach: delay.addingSaturated(plan.overMilliseconds ?? .max), last: plan.last ?? .max,
      readsBefore: readsBefore, hasEmpty: plan.empty != nil, empty: plan.empty ?? .missing, valueKind: kind,
      scale: scale)
  }
}

extension Aggregation {
  fileprivate var running: FeatureLayout.Running {
    switch self {
    case .count, .first, .last, .sinceFirst, .sinceLast, .gapMean: .bounds
    case .sum, .mean, .share: .sum
    case .stddev: .squares
    case .gapVariation: .gaps
    case .min, .max: .extreme
    case .distinct: .distinct
    }
  }
}

extension Int64 {
  /// The sum, held at the ends of the range.
  @inline(__always) func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, held at the ends of the range.
  @inline(__always) func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
