package import Assay
internal import CEL
internal import Events
package import RuleSets
package import Windows

/// One decision with everything that it was made of: the event as it came, what the windows gave, and the answer. By it and
/// the rule set the decision can be made again without the events before it.
///
/// It holds the event, sensitive values included.
package struct DecisionBundle: Sendable {
  /// The event's id.
  package let event: String
  /// The event's JSON, as it was read.
  package let input: String
  package let ruleSet: Decision.Identity
  package let features: [Feature]
  package let isLate: Bool
  package let isRecomputed: Bool
  /// The decision shows every feature of the rule set.
  package let hasAllFeatures: Bool
  /// Why the windows could not be read.
  package let failure: StoreFailure?
  package let breaker: Decision.BreakerChange?
  /// The decision's JSON.
  package let decision: JSONValue

  /// The form of bundles that this version writes and reads.
  static let form = "1"

  /// A feature's name and value.
  package struct Feature: Sendable {
    package let name: String
    let slot: Slot
    /// The bytes of text.
    let text: [UInt8]?
  }
}

extension DecisionBundle {
  /// Appends the bundle of a decision as one line of JSON; its last member is the decision, byte for byte.
  package static func write(
    _ decided: ExaminedDecision, input: [UInt8], rules: RuleSet, allFeatures: Bool, to output: inout [UInt8]
  ) {
    let (decision, visit) = (decided.decision, decided.visit)
    beginning(of: decision.event, to: &output)
    output.append(json: "\"ruleset\":{\"name\":")
    output.append(jsonString: decision.ruleSet.name)
    output.append(json: ",\"version\":")
    output.append(jsonString: decision.ruleSet.version)
    output.append(json: "},\"input\":")
    output.append(jsonString: String(decoding: input, as: UTF8.self))
    output.append(json: ",\"features\":[")
    var separator: [UInt8] = []
    for feature in rules.features {
      let slot = visit.event.frame.slots[feature.slot]
      if slot.kind == .missing && slot.flags.isEmpty { continue }
      output += separator
      FeatureSlot.write(feature.name, slot, visit.event.frame, to: &output)
      separator = [UInt8(ascii: ",")]
    }
    output.append(json: "]")
    if visit.late { output.append(json: ",\"late\":true") }
    if decision.recomputed { output.append(json: ",\"recomputed\":true") }
    if allFeatures { output.append(json: ",\"all_features\":true") }
    if let failure = visit.failure {
      output.append(json: ",\"failure\":{\"code\":")
      output.append(jsonString: failure.code.rawValue)
      output.append(json: ",\"message\":")
      output.append(jsonString: failure.message)
      output.append(json: "}")
    }
    output.append(json: ",\"decision\":")
    decision.write(to: &output)
    output.append(json: "}\n")
  }

  /// Appends how a line about the event with the id begins, up to its third member.
  static func beginning(of id: String, to output: inout [UInt8]) {
    output += "{\"bundle\":\(form),\"event\":".utf8
    output.append(jsonString: id)
    output.append(UInt8(ascii: ","))
  }
}

extension DecisionBundle {
  /// The state to decide the event on again; nil at the features that the rule set does not have.
  func state(for rules: RuleSet) -> RecordedState {
    var state = RecordedState()
    let indices = Dictionary(rules.features.enumerated().map { ($1.name, $0) }) { first, _ in first }
    for feature in features {
      guard let index = indices[feature.name] else { continue }
      state.features.append((index, feature.slot, feature.text))
    }
    state.isLate = isLate
    state.isRecomputed = isRecomputed
    state.failure = failure
    state.breaker = breaker
    return state
  }
}
