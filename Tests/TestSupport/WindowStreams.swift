import CEL
package import Events
package import Windows

/// An event of the generated streams: a few fields, laid out in fixed slots, without JSON.
package struct WindowEvent {
  /// Slots of the fields; features follow from `Fields.features`.
  package enum Fields {
    package static let user = 0, device = 1, amount = 2, ratio = 3, text = 4, flag = 5, currency = 6,
      moment = 7
    package static let features = 8
  }

  package var id: String
  package var type = 0
  package var time: Int64
  package var user: String? = "u"
  package var device: String? = "d"
  package var slots: [Int: Value] = [:]
  package var reverses: String?
  package var amends: String?
  package var isRehearsal = false

  /// What a field holds.
  package enum Value: Hashable {
    case failure
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case text(String)
    case moment(Int64)
  }

  package init(id: String, type: Int = 0, time: Int64) {
    self.id = id
    self.type = type
    self.time = time
  }

  /// The columns that plans of these streams may use; the tags are arbitrary.
  package static let columns = [
    ColumnPlan(tag: 101, slot: Fields.amount, kind: .int),
    ColumnPlan(tag: 102, slot: Fields.ratio, kind: .quantised(scale: 2)),
    ColumnPlan(tag: 103, slot: Fields.text, kind: .text),
    ColumnPlan(tag: 104, slot: Fields.flag, kind: .bool),
    ColumnPlan(tag: 105, slot: Fields.currency, kind: .text),
    ColumnPlan(tag: 106, slot: Fields.moment, kind: .timestamp),
    ColumnPlan(tag: 107, slot: Fields.amount, kind: .int, isOwn: true),
    ColumnPlan(tag: 108, slot: Fields.flag, kind: .bool, isOwn: true),
  ]

  /// The decoded event, with room for `featureCount` features.
  package func decoded(featureCount: Int) -> Event {
    var frame = Frame(slotCount: Fields.features + featureCount)
    if let user { frame.slots[Fields.user] = frame.store(user) }
    if let device { frame.slots[Fields.device] = frame.store(device) }
    var content = Hasher64()
    content.combine(UInt64(bitPattern: time) ^ UInt64(type))
    for slot in slots.keys.sorted() {
      guard let value = slots[slot] else { continue }
      frame.slots[slot] = Self.slot(value, &frame)
      content.combine(UInt64(slot))
      content.combine("\(value)")
    }
    let idSlot = frame.store(id)
    var event = Event(
      frame: frame, id: idSlot, type: type, time: time, digest: EventDigest(high: content.state, low: 7),
      dryRun: isRehearsal)
    if let reverses { event.reverses = event.frame.store(reverses) }
    if let amends { event.amends = event.frame.store(amends) }
    return event
  }

  private static func slot(_ value: Value, _ frame: inout Frame) -> Slot {
    switch value {
    case .failure: Slot(kind: .failure, payload: 99)
    case .int(let value): .int(value)
    case .double(let value): .double(value)
    case .bool(let value): .bool(value)
    case .text(let value): frame.store(value)
    case .moment(let value): .timestamp(milliseconds: value)
    }
  }

  /// The event as the oracle's log of `entity` has it.
  package func record(in entity: EntityPlan, typeTags: [UInt32]) -> WindowOracle.Record {
    var columns: [UInt32: WindowOracle.Cell] = [:]
    for column in entity.columns {
      columns[column.tag] =
        switch slots[column.slot] {
        case nil: .missing
        case .failure: .failure
        case .int(let value), .moment(let value): .integer(value)
        case .double(let value): .integer(Int64((value * 100).rounded(.toNearestOrEven)))
        case .bool(let value): .integer(value ? 1 : 0)
        case .text(let value): .text(value)
        }
    }
    let effect: WindowOracle.Effect = reverses != nil ? .reverses : amends != nil ? .amends : .none
    return WindowOracle.Record(
      id: id, type: typeTags[type], time: time, target: reverses ?? amends, effect: effect, columns: columns)
  }

  /// The entity's key, or nil where a part is missing.
  package func key(in entity: EntityPlan) -> String? {
    var parts = [entity.name]
    for slot in entity.keySlots {
      guard let part = slot == Fields.user ? user : device else { return nil }
      parts.append(part)
    }
    return parts.joined(separator: "|")
  }
}

/// FNV-1a: enough to tell the contents of test events apart.
struct Hasher64 {
  var state: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func combine(_ number: UInt64) { combine("\(number)") }

  mutating func combine(_ text: String) {
    for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}

/// Random plans and random streams over them.
package struct WindowStreams {
  package var random: SeededGenerator
  /// Whether features without a span of time occur: then nothing is ever trimmed.
  private let hasUnbounded: Bool
  /// Whether an id may come back with other content.
  package var hasConflicts = true
  /// Whether reversals and amendments come before what they concern; an eviction loses those that wait.
  package var hasEarlyOperations = true

  package init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    hasUnbounded = Int.random(in: 0..<100, using: &random) < 20
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &random)]
  }

  /// A plan over two entities with a few random features each; its retention is the same for all plans.
  package mutating func plan(identity: UInt64) -> WindowPlan {
    let lateness: Int64 = 20
    var slot = WindowEvent.Fields.features
    var entities: [EntityPlan] = []
    for (name, keys) in [("user", [0]), ("user+device", [0, 1])] {
      var columns = WindowEvent.columns
      columns.shuffle(using: &random)
      if chance(25) { columns.removeLast() }
      var features: [FeaturePlan] = []
      let template = feature(columns, slot: 0)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        var next = feature(columns, slot: slot)
        if chance(40) { next.limit = template.limit }
        if chance(30), template.value == next.value {
          (next.types, next.condition, next.currency) = (
            template.types, template.condition, template.currency
          )
          next.countsAcceptedOnly = template.countsAcceptedOnly
        }
        if chance(35), let model = features.last { next = sibling(of: model, next) }
        // Panes count attempts only.
        if next.panes != nil { next.countsAcceptedOnly = false }
        features.append(next)
        slot += 1
      }
      entities.append(
        EntityPlan(
          name: name, keySlots: keys, columns: columns, features: features, recordsType: [true, true, false],
          readsByType: Array(repeating: Array(features.indices), count: 3),
          retentionMilliseconds: hasUnbounded ? .max : 500))
    }
    return WindowPlan(
      identity: identity, typeTags: [11, 12, 13], entities: entities, latenessMillisecondsMax: lateness,
      idRetentionMilliseconds: 100_000)
  }

  /// A feature without a value over the records of one that may have one: both may keep them together.
  private mutating func sibling(of model: FeaturePlan, _ feature: FeaturePlan) -> FeaturePlan {
    var sibling = model
    sibling.slot = feature.slot
    sibling.aggregation = pick([.count, .sinceFirst, .sinceLast, .gapMean, .gapVariation])
    sibling.value = nil
    sibling.currency = nil
    sibling.panes = nil
    sibling.includesCurrent = feature.includesCurrent
    if chance(30) { sibling.types = sibling.types == nil ? [11, 12] : nil }
    if chance(20) { sibling.last = feature.last }
    return sibling
  }

  private mutating func feature(_ columns: [ColumnPlan], slot: Int) -> FeaturePlan {
    func index(_ kinds: [ColumnPlan.Kind], _ random: inout SeededGenerator) -> Int? {
      columns.indices.filter { kinds.contains(columns[$0].kind) && columns[$0].tag != 105 }
        .randomElement(using: &random)
    }
    var aggregation = Aggregation.allCases[Int.random(in: 0..<Aggregation.allCases.count, using: &random)]
    var value: Int?
    switch aggregation {
    case .count, .sinceFirst, .sinceLast, .gapMean, .gapVariation: break
    case .share: value = index([.bool], &random)
    case .sum, .mean, .min, .max, .stddev: value = index([.int, .quantised(scale: 2)], &random)
    case .distinct, .first, .last:
      value = index([.int, .quantised(scale: 2), .text, .timestamp, .bool], &random)
    }
    switch aggregation {
    case .count, .sinceFirst, .sinceLast, .gapMean, .gapVariation: break
    default: if value == nil { aggregation = .count }
    }
    let isMoney = [.sum, .mean, .min, .max].contains(aggregation)
    let last: Int? = chance(25) ? pick([1, 2, 3, 5]) : nil
    let over: Int64? = hasUnbounded && chance(30) ? nil : pick([5, 20, 50, 100, 300])
    if let over, chance(10) {
      return paned(over, index([.int, .quantised(scale: 2)], &random), columns, slot)
    }
    return FeaturePlan(
      slot: slot, aggregation: aggregation, types: pick([nil, [11], [12], [11, 12]]),
      condition: chance(25) ? index([.bool], &random) : nil, value: value,
      currency: isMoney && chance(30) ? columns.firstIndex { $0.tag == 105 } : nil, overMilliseconds: over,
      last: last, delayMilliseconds: chance(20) ? pick([10, 40]) : 0, includesCurrent: !chance(20),
      countsAcceptedOnly: chance(25), limit: pick([2, 3, 6, 4_096, 4_096, 4_096]),
      empty: chance(15) ? .int(-987_654_321) : nil)
  }

  /// A feature kept by panes.
  private mutating func paned(_ over: Int64, _ value: Int?, _ columns: [ColumnPlan], _ slot: Int)
    -> FeaturePlan
  {
    let value = chance(50) ? value : nil
    return FeaturePlan(
      slot: slot, aggregation: value == nil ? .count : .sum, types: pick([nil, [11], [12], [11, 12]]),
      value: value, currency: value != nil && chance(30) ? columns.firstIndex { $0.tag == 105 } : nil,
      overMilliseconds: over, includesCurrent: !chance(20), panes: pick([1, 3, 10, 60]),
      empty: chance(15) ? .int(-987_654_321) : nil)
  }

  /// Events in the order of arrival: mostly forward in time, with skew, ties, late ones, repeats, conflicts,
  /// reversals and amendments before and after what they concern.
  package mutating func events(count: Int) -> [WindowEvent] {
    var clock: Int64 = 1_700_000_000_000
    var events: [WindowEvent] = []
    let users = ["u", "u", "u", "v", "w"]
    for number in 0..<count {
      clock += pick([0, 0, 1, 1, 2, 5, 20, 60])
      if chance(10), let earlier = events.randomElement(using: &random) {
        events.append(repeated(earlier))
        continue
      }
      let late: Int64 = chance(15) ? pick([-1, -5, -15, -40, -120, -400, 3, 30]) : 0
      var event = WindowEvent(id: "e\(number)", type: pick([0, 0, 0, 1, 1, 2]), time: clock + late)
      event.user = chance(5) ? nil : pick(users)
      event.device = chance(20) ? nil : pick(["d", "d", "e"])
      fill(&event)
      if chance(12) {
        let target =
          "e\(max(0, number + pick(hasEarlyOperations ? [-1, -2, -3, -6, -12, 0, 1, 2, 4] : [-1, -2, -3, -6])))"
        let reverses = chance(50)
        // What was only rehearsed comes later.
        let isEarly = events.first { $0.id == target }?.isRehearsal ?? true
        if hasEarlyOperations || !isEarly {
          if reverses { event.reverses = target } else { event.amends = target }
        }
        // An amendment into another currency is lost on a record that the limit of its own has pushed out.
        event.slots[WindowEvent.Fields.currency] = nil
      }
      event.isRehearsal = chance(5)
      events.append(event)
    }
    return events
  }

  private mutating func repeated(_ earlier: WindowEvent) -> WindowEvent {
    var event = earlier
    event.isRehearsal = chance(15)
    if hasConflicts && chance(30) { event.time += 1 }
    return event
  }

  private mutating func fill(_ event: inout WindowEvent) {
    typealias Fields = WindowEvent.Fields
    let long = String(repeating: "long", count: 80)
    if chance(85) { event.slots[Fields.amount] = .int(pick([-3, 0, 1, 2, 5, 100, 1_000_000])) }
    if chance(85) { event.slots[Fields.ratio] = .double(pick([-1.25, 0, 0.1, 0.07, 2.5])) }
    if chance(85) { event.slots[Fields.text] = .text(pick(["a", "b", "", "ä", long, long + "er"])) }
    if chance(85) { event.slots[Fields.flag] = .bool(chance(60)) }
    if chance(85) { event.slots[Fields.currency] = .text(pick(["EUR", "EUR", "USD"])) }
    if chance(85) { event.slots[Fields.moment] = .moment(pick([1, 2, 3])) }
    for slot in [Fields.amount, Fields.ratio, Fields.flag, Fields.text] where chance(1) {
      event.slots[slot] = .failure
    }
  }
}
