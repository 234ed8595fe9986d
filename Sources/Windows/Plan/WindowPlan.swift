public import CEL

/// Everything that the windows of one rule set need to know: which entities have logs, what a record carries, and
/// what is read from the records. Slots and bytes only; no names of rules, no JSON.
///
/// A class, so that the visits that carry it do not copy it.
public final class WindowPlan: Sendable {
  /// Differs between plans that fold the same log into different state; equal for equal plans in every process.
  public let identity: UInt64
  /// By event type (index of `Schema.types`): a stable hash of the type's name, as records carry it.
  public let typeTags: [UInt32]
  /// The entities that have logs.
  public let entities: [EntityPlan]
  /// How far an event may lag behind the newest record of its log and still see exact windows; milliseconds.
  public let latenessMillisecondsMax: Int64
  /// How long event ids are remembered: the longest window (delay included) plus lateness, at least 24 h.
  public let idRetentionMilliseconds: Int64
  /// By entity: the plan as the fold reads it.
  package let layouts: [FoldLayout]

  /// A plan over `entities`; what the fold needs beside is derived here, once.
  public init(
    identity: UInt64, typeTags: [UInt32], entities: [EntityPlan], latenessMillisecondsMax: Int64,
    idRetentionMilliseconds: Int64
  ) {
    self.identity = identity
    self.typeTags = typeTags
    self.entities = entities
    self.latenessMillisecondsMax = latenessMillisecondsMax
    self.idRetentionMilliseconds = idRetentionMilliseconds
    layouts = entities.map {
      FoldLayout($0, typeTags: typeTags, identity: identity, lateness: latenessMillisecondsMax)
    }
  }
}

/// One kind of entity (`by: user.id`), its records and its features.
public struct EntityPlan: Sendable {
  /// The key fields' paths joined by `+`; part of every key, so that equal values of different fields stay apart.
  public let name: String
  /// The slots whose values make the key, in order; sensitive fields are named by their hashed slot.
  public let keySlots: [Int]
  /// What each record carries.
  public let columns: [ColumnPlan]
  /// What is read from the records.
  public let features: [FeaturePlan]
  /// By event type: whether an event of this type leaves a record (an event that reverses or amends always does).
  public let recordsType: [Bool]
  /// By event type: the indices into `features` that are read for an event of this type.
  public let readsByType: [[Int]]
  /// The longest `delay + over` of the features plus the plan's lateness; older records are gone for good.
  public let retentionMilliseconds: Int64

  /// A plan from its parts, as the properties describe them.
  public init(
    name: String, keySlots: [Int], columns: [ColumnPlan], features: [FeaturePlan], recordsType: [Bool],
    readsByType: [[Int]], retentionMilliseconds: Int64
  ) {
    self.name = name
    self.keySlots = keySlots
    self.columns = columns
    self.features = features
    self.recordsType = recordsType
    self.readsByType = readsByType
    self.retentionMilliseconds = retentionMilliseconds
  }
}

/// One value that records carry.
public struct ColumnPlan: Sendable, Hashable {
  /// A stable hash of the column's definition (its expression's canonical text and its type): a rule set that is
  /// loaded later finds the column again under the same tag.
  public let tag: UInt32
  /// The slot of the frame that holds the value when the record is written.
  public let slot: Int
  /// The type of the value.
  public let kind: Kind
  /// The value tells of the one event that carries it (its id, type or time): an amendment never replaces it.
  public let isOwn: Bool

  /// The types that a recorded value can have.
  public enum Kind: Sendable, Hashable {
    case bool
    case int
    /// A double kept as an integer of 10^-scale units; what does not fit in 64 bits is recorded as a failure.
    case quantised(scale: Int)
    case timestamp
    case duration
    case text
  }

  /// A column from its parts.
  public init(tag: UInt32, slot: Int, kind: Kind, isOwn: Bool = false) {
    self.tag = tag
    self.slot = slot
    self.kind = kind
    self.isOwn = isOwn
  }
}

/// One windowed feature.
public struct FeaturePlan: Sendable, Hashable {
  /// The slot of the frame that receives the value.
  public var slot: Int
  /// What is computed.
  public var aggregation: Aggregation
  /// The type tags that count, ascending; nil counts every type that leaves a record.
  public var types: [UInt32]?
  /// Index of the bool column that `where:` is recorded in; nil when there is no condition.
  public var condition: Int?
  /// Index of the aggregated column; for `share` the bool column. Nil for count, since and gap aggregations.
  public var value: Int?
  /// Index of the text column with the currency, for `sum`, `mean`, `min`, `max` over money: only records in the
  /// current event's currency count.
  public var currency: Int?
  /// The span of time; nil is unbounded (then `last` bounds it).
  public var overMilliseconds: Int64?
  /// The newest so many records only.
  public var last: Int?
  /// How far before the event the window ends; with 0 it has no right bound.
  public var delayMilliseconds: Int64
  /// Whether the event that reads the feature counts itself.
  public var includesCurrent: Bool
  /// Whether events that this rule set blocked are left out.
  public var countsAcceptedOnly: Bool
  /// Exact up to so many records.
  public var limit: Int
  /// What an empty window gives instead of the aggregation's own answer; a scalar.
  public var empty: Slot?

  /// A feature from its parts, as the properties describe them.
  public init(
    slot: Int, aggregation: Aggregation, types: [UInt32]? = nil, condition: Int? = nil, value: Int? = nil,
    currency: Int? = nil, overMilliseconds: Int64?, last: Int? = nil, delayMilliseconds: Int64 = 0,
    includesCurrent: Bool = true, countsAcceptedOnly: Bool = false, limit: Int = 4_096, empty: Slot? = nil
  ) {
    self.slot = slot
    self.aggregation = aggregation
    self.types = types
    self.condition = condition
    self.value = value
    self.currency = currency
    self.overMilliseconds = overMilliseconds
    self.last = last
    self.delayMilliseconds = delayMilliseconds
    self.includesCurrent = includesCurrent
    self.countsAcceptedOnly = countsAcceptedOnly
    self.limit = limit
    self.empty = empty
  }

  /// Equal plans give equal values.
  public static func == (left: FeaturePlan, right: FeaturePlan) -> Bool {
    left.slot == right.slot && left.sameWindow(as: right)
  }

  /// Hashes what most often differs.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(slot)
    hasher.combine(aggregation)
  }

  private func sameWindow(as other: FeaturePlan) -> Bool {
    aggregation == other.aggregation && types == other.types && condition == other.condition
      && value == other.value && currency == other.currency && overMilliseconds == other.overMilliseconds
      && last == other.last && delayMilliseconds == other.delayMilliseconds
      && includesCurrent == other.includesCurrent && countsAcceptedOnly == other.countsAcceptedOnly
      && limit == other.limit && empty?.kind == other.empty?.kind && empty?.payload == other.empty?.payload
  }
}

/// What is computed over a window. The comments give the slot kind of the value; empty windows as in the design.
public enum Aggregation: String, Sendable, Hashable, CaseIterable {
  /// `.int`
  case count
  /// `.int` for integers and money (a sum beyond 64 bits is a failure), `.double` for doubles.
  case sum
  /// `.double`
  case mean
  /// The column's kind.
  case min, max
  /// Of the population; `.double`.
  case stddev
  /// `.int`
  case distinct
  /// The column's kind. `last` reads the latest record before this event.
  case first, last
  /// `.duration`
  case sinceFirst = "since_first"
  case sinceLast = "since_last"
  /// `.duration`, rounded towards zero to the millisecond.
  case gapMean = "gap_mean"
  /// `.double`
  case gapVariation = "gap_variation"
  /// `.double`
  case share
}
