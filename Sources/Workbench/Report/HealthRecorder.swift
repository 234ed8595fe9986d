internal import Assay
internal import CEL
internal import Events
internal import RuleSets
internal import Windows

/// Takes down how complete and how usual the events of a replay are. What came again and what is a trial (`dry_run`)
/// does not count, as nowhere on the page.
struct HealthRecorder: Sendable {
  private let types: [String]
  private let fields: [Schema.Field]
  /// By type: events, and for each field the events that lack it.
  private var events: [Int]
  private var missing: [Int]
  private var (late, recomputed, degraded) = (0, 0, 0)
  private var unanswered: [ReplaySummary.Unanswered: Int] = [:]
  private var unlisted: [String: Int] = [:]
  private var saturated: [String: Int] = [:]
  private var warming: [String: Int] = [:]
  private var approximate: [String: Int] = [:]
  private var breakerChanges = 0
  private(set) var first: Int64?
  private(set) var last: Int64?

  /// Nothing seen yet.
  init(rules: RuleSet) {
    types = rules.schema.types
    fields = rules.schema.fields
    events = Array(repeating: 0, count: types.count)
    missing = Array(repeating: 0, count: types.count * fields.count)
  }

  /// Looks at one event and its decision.
  mutating func record(_ event: borrowing Event, _ decision: borrowing Decision) {
    guard !decision.repeated, !decision.dryRun else { return }
    let time = event.time
    first = min(first ?? time, time)
    last = max(last ?? time, time)
    events[event.type] += 1
    let start = event.type * fields.count
    for slot in fields.indices where event.frame.slots[slot].kind == .missing { missing[start + slot] += 1 }
    if decision.late { late += 1 }
    if decision.recomputed { recomputed += 1 }
    if decision.degraded != nil { degraded += 1 }
    for unknown in decision.notEvaluated { unanswered[ReplaySummary.Unanswered(unknown), default: 0] += 1 }
    for field in decision.unlisted { unlisted[field, default: 0] += 1 }
    for name in decision.saturated { saturated[name, default: 0] += 1 }
    for name in decision.warming { warming[name, default: 0] += 1 }
    for name in decision.approximate { approximate[name, default: 0] += 1 }
    if decision.breaker != nil { breakerChanges += 1 }
  }

  /// What was seen, with what the replay itself
  func health(_ summary: ReplaySummary, rules: RuleSet) -> DataHealth {
    var health = DataHealth()
    health.types = zip(types, events).map { (name: $0, events: $1) }
    health.missing = missingFields(rules)
    health.late = late
    health.repeated = summary.repeated
    health.dryRuns = summary.dryRuns
    health.recomputed = recomputed
    health.degraded = degraded
    health.breakerChanges = breakerChanges
    health.saturated = Self.sorted(saturated)
    health.warming = Self.sorted(warming)
    health.approximate = Self.sorted(approximate)
    health.unlisted = Self.sorted(unlisted)
    health.unanswered =
      unanswered
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { (rule: $0.key.rule, why: $0.key.why, field: $0.key.field, events: $0.value) }
    health.refused = Self.sorted(summary.refused).map { (code: $0.name, lines: $0.events) }
    health.badLines = summary.badLines.map { line in
      (place: "\(line.place.file):\(line.place.number)", code: line.code, message: line.message)
    }
    health.warnings = summary.warnings
    health.inputErrors = summary.inputErrors.map(\.description)
    return health
  }

  private func missingFields(_ rules: RuleSet) -> [DataHealth.MissingField] {
    var found: [DataHealth.MissingField] = []
    for type in types.indices where events[type] > 0 {
      let readers = FieldReaders(of: rules, type: type)
      for (slot, field) in fields.enumerated() {
        let count = missing[type * fields.count + slot]
        guard count > 0 else { continue }
        found.append(
          DataHealth.MissingField(
            type: types[type], field: field.path, missing: count, events: events[type],
            readers: readers.rules(reading: slot)))
      }
    }
    return found
  }

  /// The most frequent first, by name where equally frequent.
  private static func sorted(_ counts: [String: Int]) -> [(name: String, events: Int)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (name: $0.key, events: $0.value) }
  }
}

/// Which rules that look at events of one type read which field, themselves or as the key of a feature.
private struct FieldReaders {
  private var ids: [Int: [String]] = [:]

  init(of rules: RuleSet, type: Int) {
    let sources = Dictionary(
      rules.hashedFields.map { ($0.slot, $0.source) }, uniquingKeysWith: { first, _ in first })
    for rule in rules.rules where rule.appliesToType[type] {
      var slots = Set(rule.slots)
      for index in rule.features where rules.features.indices.contains(index) {
        slots.formUnion(rules.plan.entities[rules.features[index].entity].keySlots.map { sources[$0] ?? $0 })
      }
      for slot in slots where slot < rules.schema.fields.count { ids[slot, default: []].append(rule.id) }
    }
  }

  func rules(reading slot: Int) -> [String] { ids[slot] ?? [] }
}
