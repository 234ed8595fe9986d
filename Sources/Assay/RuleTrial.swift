internal import CEL
package import Events
package import RuleSets

/// What one rule would have said of an event that was decided: for tools that ask what another condition had done.
package struct RuleTrial: Hashable, Sendable {
  /// The condition holds, and neither dates, sample nor suppressions keep the rule out.
  package let fires: Bool
  /// The floor under the outcome that the rule sets because it has no answer; allow where it has one.
  package let floor: Outcome

  /// What a rule says.
  package init(fires: Bool, floor: Outcome) { (self.fires, self.floor) = (fires, floor) }
}

extension Rule {
  /// What the rule says of an event whose features are filled, whatever its status is.
  ///
  /// `stateFailed` says that the store could not be read when the event was decided.
  package func trial(of event: borrowing Event, in rules: RuleSet, stateFailed: Bool) -> RuleTrial {
    guard appliesToType.indices.contains(event.type), appliesToType[event.type] else {
      return RuleTrial(fires: false, floor: .allow)
    }
    let featureSlots = rules.slotCount - rules.features.count..<rules.slotCount
    let outcome = outcome(
      .undecided, event.frame, at: event.time, featureSlots: featureSlots, stateFailed: stateFailed)
    switch outcome {
    case .out, .doesNotHold: return RuleTrial(fires: false, floor: .allow)
    case .holds: return RuleTrial(fires: true, floor: .allow)
    case .unknown(let cause, _, _): return RuleTrial(fires: false, floor: floor(cause, rules.unavailable))
    }
  }

  /// The floor under the outcome that the rule sets because it has no answer, for a reason.
  func floor(_ cause: Decision.NotEvaluated.Cause, _ unavailable: Outcome) -> Outcome {
    switch cause {
    case .missing: onMissing.floor
    case .error, .saturated: onError.floor
    case .unavailable, .evicted: self.unavailable ?? unavailable
    }
  }
}

extension Rule.FailurePolicy {
  fileprivate var floor: Outcome {
    switch self {
    case .skip: .allow
    case .review: .review
    case .block: .block
    }
  }
}
