package import CEL
import Events
import RuleSets
import Windows

/// Runs the rules of one event's type over its frame and combines what they say into one decision.
final class Combination: Sendable {
  private let thresholds: Thresholds
  private let unavailable: Outcome
  private let features: [Feature]
  private let featureSlots: Range<Int>
  /// By slot: the name under which authors know it.
  private let names: [String]
  private let enumerationSlots: [Int]
  /// By event type: the rules that look at it.
  private let rulesByType: [TypeRules]
  private let identity: Decision.Identity

  init(_ rules: RuleSet) {
    thresholds = rules.thresholds
    unavailable = rules.unavailable
    features = rules.features
    featureSlots = rules.slotCount - rules.features.count..<rules.slotCount
    var names = Array(repeating: "", count: rules.slotCount)
    for (slot, field) in rules.schema.fields.enumerated() { names[slot] = field.path }
    for (offset, name) in ["event.id", "event.type", "event.time"].enumerated() {
      names[rules.identitySlot + offset] = name
    }
    for feature in rules.features { names[feature.slot] = feature.name }
    self.names = names
    enumerationSlots = rules.schema.fields.indices.filter { rules.schema.fields[$0].type.isEnumeration }
    var known: [[ObjectIdentifier]: TypeRules] = [:]
    rulesByType = rules.schema.types.indices.map { type in
      let ofType = rules.rules.filter { $0.appliesToType[type] }
      let ids = ofType.map { ObjectIdentifier($0) }
      let made = known[ids] ?? TypeRules(ofType)
      known[ids] = made
      return made
    }
    identity = Decision.Identity(name: rules.name, version: rules.version)
  }

  private static let evicted = "evicted: the records are gone: memory was too small, or Redis has lost them"

  /// An empty decision under this rule set's name.
  func blank(event: String) -> Decision { Decision(event: event, ruleSet: identity) }

  /// Decides one event whose windows were read.
  func decide(_ visit: borrowing Visit, allFeatures: Bool) -> Decision {
    var decision = blank(event: visit.event.frame.text(visit.event.id))
    fill(&decision, visit, allFeatures: allFeatures)
    return decision
  }

  /// Apart from `decide`, where the compiler would copy the decision, all its members, to return it.
  @inline(never)
  private func fill(_ decision: inout Decision, _ visit: borrowing Visit, allFeatures: Bool) {
    var tally = Tally()
    let ofType = rulesByType[visit.event.type]
    ofType.conditions.evaluate(visit.event.frame) { number, answer in
      let rule = ofType.rules[number]
      let outcome = rule.outcome(
        answer, visit.event.frame, at: visit.event.time, featureSlots: featureSlots,
        stateFailed: visit.failure != nil)
      switch outcome {
      case .out, .doesNotHold: break
      case .holds: note(rule, firedOn: visit.event.frame, in: &decision, &tally)
      case .unknown(let cause, let slot, let detail):
        note(rule, lacking: slot, cause, detail, in: &decision, &tally)
      }
    }
    if let failure = visit.failure { decision.degraded = failure.message }
    conclude(&decision, tally, visit, allFeatures: allFeatures)
  }

  private func note(
    _ rule: Rule, firedOn frame: borrowing Frame, in decision: inout Decision, _ tally: inout Tally
  ) {
    tally.featuresRead.formUnion(rule.features)
    guard rule.status == .live else {
      decision.shadow.append(Decision.ShadowHit(rule: rule.id, score: rule.score, decide: rule.decide))
      return
    }
    decision.score += rule.score
    switch rule.decide {
    case .allow: tally.isExcused = true
    case .review, .block: tally.floor = max(tally.floor, rule.decide ?? .allow)
    case nil: break
    }
    decision.reasons.append(
      Decision.Reason(
        rule: rule.id, score: rule.score, decide: rule.decide, text: render(rule.reason, frame)))
  }

  private func note(
    _ rule: Rule, lacking slot: Int?, _ cause: Decision.NotEvaluated.Cause, _ detail: String?,
    in decision: inout Decision, _ tally: inout Tally
  ) {
    let floor = rule.status == .live ? rule.floor(cause, unavailable) : .allow
    tally.floor = max(tally.floor, floor)
    if cause == .evicted, rule.status == .live { decision.degraded = Self.evicted }
    decision.notEvaluated.append(
      Decision.NotEvaluated(
        rule: rule.id, cause: cause, field: slot.map { names[$0] }, detail: detail,
        floor: floor == .allow ? nil : floor))
  }

  private func conclude(
    _ decision: inout Decision, _ tally: Tally, _ visit: borrowing Visit, allFeatures: Bool
  ) {
    decision.outcome = max(tally.floor, tally.isExcused ? .allow : thresholds.outcome(of: decision.score))
    if allFeatures {
      decision.features = features.map { value(of: $0, visit.event.frame) }
    } else if !tally.featuresRead.isEmpty {
      decision.features = tally.featuresRead.sorted().map { value(of: features[$0], visit.event.frame) }
    }
    remark(on: visit.event.frame, in: &decision)
    decision.late = visit.late
    decision.dryRun = visit.event.dryRun
    decision.recomputed = visit.prior == .attempted
  }

  /// Flags of slots that no rule's answer shows.
  private func remark(on frame: borrowing Frame, in decision: inout Decision) {
    for slot in featureSlots {
      let flags = frame.slots[slot].flags
      if flags.isEmpty { continue }
      if flags.contains(.saturated) { decision.saturated.append(names[slot]) }
      if flags.contains(.warming) { decision.warming.append(names[slot]) }
      if flags.contains(.approximate) { decision.approximate.append(names[slot]) }
    }
    for slot in enumerationSlots where frame.slots[slot].flags.contains(.unlisted) {
      decision.unlisted.append(names[slot])
    }
  }

  private func value(of feature: Feature, _ frame: borrowing Frame) -> Decision.FeatureValue {
    let slot = frame.slots[feature.slot]
    return Decision.FeatureValue(
      name: feature.name, value: feature.sensitive && slot.kind != .missing ? .masked : frame.value(slot))
  }

  private func render(_ template: ReasonTemplate, _ frame: borrowing Frame) -> String {
    var text = ""
    for part in template.parts {
      switch part {
      case .text(let literal): text += literal
      case .value(let slot, let masked):
        let value = frame.value(frame.slots[slot])
        text += masked && value != .missing ? Decision.FeatureValue.Value.masked.text : value.text
      }
    }
    return text
  }
}

/// The rules of one event type, and their conditions as one program. A class, so that a decision counts one reference.
private final class TypeRules: Sendable {
  let rules: [Rule]
  let conditions: ConditionSet

  init(_ rules: [Rule]) {
    self.rules = rules
    // A sampled rule whose key is missing is unknown, whatever its condition says.
    let sampled = rules.indices.filter { rules[$0].sample != nil }
    conditions = ConditionSet(rules.map(\.condition), always: Set(sampled))
  }
}

extension Schema.FieldType {
  fileprivate var isEnumeration: Bool {
    switch self {
    case .enumeration: true
    case .list(let element): element.isEnumeration
    case .string, .int, .double, .bool, .timestamp, .ip, .money: false
    }
  }
}

/// What the rules come to, beside the decision in the making.
private struct Tally {
  /// The strictest of outright decisions and of the floors that rules without an answer set.
  var floor = Outcome.allow
  /// A rule decided to allow: the score alone does nothing.
  var isExcused = false
  /// Indices of the features that fired rules read.
  var featuresRead: Set<Int> = []
}

extension Thresholds {
  /// What a score alone comes to.
  package func outcome(of score: Int) -> Outcome {
    score >= block ? .block : score >= review ? .review : .allow
  }
}

extension Frame {
  /// The text of a text slot.
  package borrowing func text(_ slot: Slot) -> String { String(decoding: arena[slot.range], as: UTF8.self) }

  /// A slot as decisions show it; lists and other values show as text.
  package borrowing func value(_ slot: Slot) -> Decision.FeatureValue.Value {
    switch slot.kind {
    case .missing, .failure, .null: .missing
    case .bool: .bool(slot.payload != 0)
    case .int: .int(slot.integer)
    case .uint: .int(Int64(clamping: slot.payload))
    case .double: .double(slot.double)
    case .string: .text(text(slot))
    case .bytes: .masked
    case .timestamp: .timestamp(slot.integer)
    case .duration: .duration(slot.integer)
    case .list: .text(listText(slot))
    case .value: .text("…")
    }
  }

  private borrowing func listText(_ slot: Slot) -> String {
    var texts: [String] = []
    for index in slot.range { texts.append(value(slots[index]).text) }
    return texts.joined(separator: ", ")
  }
}
