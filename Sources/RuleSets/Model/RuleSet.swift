package import CEL
public import Events
public import Windows

/// A rule set that was read and checked whole: everything an engine needs, nothing of YAML.
///
/// The frame of an evaluation has, in this order: the schema's fields, the event's own id, type and time
/// (`event.id`, `event.type`, `event.time`), the hashed values of sensitive fields, the computed columns, the features.
public struct RuleSet: Sendable {
  /// The name in `ruleset.yaml`.
  public let name: String
  /// What the authors say of it.
  public let description: String?
  /// `sha256:` and 64 hex digits over the files that decide anything (tests do not).
  public let version: String
  /// The scores from which events are reviewed and blocked.
  public let thresholds: Thresholds
  /// The least outcome when a rule's state cannot be read and the rule does not say otherwise.
  public let unavailable: Outcome
  /// When a record counts as written, where windows are kept in a store with replicas.
  public let durability: Durability
  /// When blocks become reviews because there are too many; nil where they always stand.
  public let breaker: Breaker?
  /// How far ahead of the wall clock a live event may be dated; milliseconds.
  public let futureSkewMillisecondsMax: Int64
  /// What events look like.
  public let schema: Schema
  /// What the windows record and compute.
  public let plan: WindowPlan
  /// Slots of a frame, features included.
  public let slotCount: Int
  /// The slots of `event.id`, `event.type` and `event.time` are this one and the two after it.
  package var identitySlot: Int { schema.fields.count }
  package let hashedFields: [HashedField]
  package let computedColumns: [ComputedColumn]
  package let features: [Feature]
  package let lists: [NamedList]
  /// In the order of their files' names and their places in them; rules with status `off` are not among them.
  package let rules: [Rule]
  package let tests: [AuthorTest]
  /// What recorded streams must come to, where `tests/streams.yaml` says so.
  package let streams: StreamExpectations?
  /// What it was compiled from; nil for one that was put together otherwise.
  package let draft: RuleSetDraft?

  package init(
    name: String, description: String?, version: String, thresholds: Thresholds, unavailable: Outcome,
    durability: Durability, breaker: Breaker? = nil, futureSkewMillisecondsMax: Int64, schema: Schema,
    plan: WindowPlan,
    slotCount: Int,
    hashedFields: [HashedField], computedColumns: [ComputedColumn], features: [Feature], lists: [NamedList],
    rules: [Rule], tests: [AuthorTest], streams: StreamExpectations? = nil,
    draft: RuleSetDraft? = nil
  ) {
    self.name = name
    self.description = description
    self.version = version
    self.thresholds = thresholds
    self.unavailable = unavailable
    self.durability = durability
    self.breaker = breaker
    self.futureSkewMillisecondsMax = futureSkewMillisecondsMax
    self.schema = schema
    self.plan = plan
    self.slotCount = slotCount
    self.hashedFields = hashedFields
    self.computedColumns = computedColumns
    self.features = features
    self.lists = lists
    self.rules = rules
    self.tests = tests
    self.streams = streams
    self.draft = draft
  }

  /// The same rule set with some of its parts replaced, which must fit together.
  func with(
    rules: [Rule]? = nil, plan: WindowPlan? = nil, computedColumns: [ComputedColumn]? = nil,
    tests: [AuthorTest]? = nil
  ) -> RuleSet {
    RuleSet(
      name: name, description: description, version: version, thresholds: thresholds,
      unavailable: unavailable, durability: durability, breaker: breaker,
      futureSkewMillisecondsMax: futureSkewMillisecondsMax, schema: schema, plan: plan ?? self.plan,
      slotCount: slotCount, hashedFields: hashedFields,
      computedColumns: computedColumns ?? self.computedColumns, features: features, lists: lists,
      rules: rules ?? self.rules, tests: tests ?? self.tests, streams: streams, draft: draft)
  }
}

/// The scores from which an event is reviewed and blocked.
public struct Thresholds: Sendable, Hashable {
  /// Events are reviewed from this score on.
  public let review: Int
  /// Events are blocked from this score on.
  public let block: Int
  /// Scores, of which `review` is at most `block`.
  public init(review: Int, block: Int) {
    self.review = review
    self.block = block
  }
}

/// What is to happen with an event; ordered by strictness.
public enum Outcome: String, Sendable, Hashable, CaseIterable, Comparable {
  /// From the mildest to the strictest.
  case allow, review, block

  /// Whether `left` is milder than `right`.
  public static func < (left: Outcome, right: Outcome) -> Bool { left.strictness < right.strictness }

  private var strictness: Int {
    switch self {
    case .allow: 0
    case .review: 1
    case .block: 2
    }
  }
}

/// When a record counts as written.
public enum Durability: String, Sendable, Hashable, CaseIterable {
  /// When the primary has it: what was acknowledged can be lost in a fail-over.
  case primary
  /// When a replica has it too; costs the way to the replica and back for each event.
  case wait
}

/// A sensitive field that serves as a key or a column: `slot` receives the keyed hash of the text in `source`.
package struct HashedField: Sendable {
  package let source: Int
  package let slot: Int
  package init(source: Int, slot: Int) {
    self.source = source
    self.slot = slot
  }
}

/// A column that is computed when the record is written: a `where:` condition or an aggregated expression.
package struct ComputedColumn: Sendable {
  package let slot: Int
  package let program: Program
  /// By event type: whether any feature counts this type with the column.
  package let neededByType: [Bool]
  /// The expression as its author wrote it.
  package let source: String
  package init(slot: Int, program: Program, neededByType: [Bool], source: String) {
    self.slot = slot
    self.source = source
    self.program = program
    self.neededByType = neededByType
  }
}

/// A feature's name beside its plan.
package struct Feature: Sendable {
  package let name: String
  package let slot: Int
  package let type: CELType
  /// Where its plan is: `plan.entities[entity].features[index]`.
  package let entity: Int
  package let index: Int
  package let exported: Bool
  /// Its value tells of a sensitive field (`first`, `last`, `min` or `max` of one): masked in decisions.
  package let sensitive: Bool
  /// Where its name stands.
  package let place: Diagnostic.Place
  package init(
    name: String, slot: Int, type: CELType, entity: Int, index: Int, exported: Bool, sensitive: Bool,
    place: Diagnostic.Place
  ) {
    self.name = name
    self.slot = slot
    self.type = type
    self.entity = entity
    self.index = index
    self.exported = exported
    self.sensitive = sensitive
    self.place = place
  }
}

/// A named list of `lists.yaml`.
package struct NamedList: Sendable {
  package let name: String
  package let elementType: CELType
  /// Shared with the expressions that ask for them.
  package let items: [Value]
  package var count: Int { items.count }
  package init(name: String, elementType: CELType, items: [Value]) {
    self.name = name
    self.elementType = elementType
    self.items = items
  }
}
