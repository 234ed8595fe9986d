package import CEL
package import RuleSets

/// What one rule says of one event.
enum RuleOutcome {
  /// Not on these dates, not this part of the keys, or suppressed for this key.
  case out
  case holds
  case doesNotHold
  /// No answer: why, and the slot of what is missing where it is that.
  case unknown(Decision.NotEvaluated.Cause, slot: Int?, detail: String?)
}

extension Rule {
  /// What the rule says of a frame whose features are filled, given what its condition says.
  ///
  /// `stateFailed` says that the store could not be read, so that missing features mean no state.
  func outcome(
    _ answer: ConditionSet.Answer, _ frame: borrowing Frame, at time: Int64, featureSlots: Range<Int>,
    stateFailed: Bool
  ) -> RuleOutcome {
    guard isIn(force: time), suppressions.isEmpty || !isSuppressed(frame, at: time) else { return .out }
    if let sample {
      let key = frame.slots[sample.slot]
      // Whoever leaves out the key must not leave the rule with it.
      guard key.kind != .missing else { return .unknown(.missing, slot: sample.slot, detail: nil) }
      guard StablePart.basisPoint(of: id, key: key, in: frame) < sample.basisPoints else { return .out }
    }
    switch answer {
    case .holds: return .holds
    case .fails: return .doesNotHold
    case .undecided: break
    }
    do {
      return try condition.holds(frame) ? .holds : .doesNotHold
    } catch {
      switch error {
      case .error(let error): return .unknown(.error, slot: nil, detail: error.message)
      case .unknown(let slots):
        return lacking(slots, in: frame, featureSlots: featureSlots, stateFailed: stateFailed)
      }
    }
  }

  /// State that could not be read outweighs a value that is not there: its floor is the one that must hold.
  private func lacking(
    _ slots: [Int], in frame: borrowing Frame, featureSlots: Range<Int>, stateFailed: Bool
  ) -> RuleOutcome {
    let features = slots.filter { featureSlots.contains($0) }
    if stateFailed, let feature = features.first { return .unknown(.unavailable, slot: feature, detail: nil) }
    if let feature = features.first(where: { frame.slots[$0].flags.contains(.evicted) }) {
      return .unknown(.evicted, slot: feature, detail: nil)
    }
    if let feature = features.first(where: { frame.slots[$0].flags.contains(.saturated) }) {
      return .unknown(.saturated, slot: feature, detail: nil)
    }
    return .unknown(.missing, slot: slots.first, detail: nil)
  }

  private func isIn(force time: Int64) -> Bool { time >= from ?? .min && time < until ?? .max }

  private func isSuppressed(_ frame: borrowing Frame, at time: Int64) -> Bool {
    suppression(of: frame, at: time) != nil
  }

  /// The index of the first suppression that silences the rule.
  private func suppression(of frame: borrowing Frame, at time: Int64) -> Int? {
    for (index, suppression) in suppressions.enumerated() where time < suppression.until {
      let slot = frame.slots[suppression.slot]
      switch slot.kind {
      case .missing: continue
      case .string: if frame.arena[slot.range].elementsEqual(suppression.value.utf8) { return index }
      default: if frame.value(slot).text == suppression.value { return index }
      }
    }
    return nil
  }
}

/// Why a rule had nothing to say of an event, whatever its condition comes to.
package enum RuleAbsence: Sendable {
  /// Before `from`, or from `until` on; milliseconds since 1970.
  case notYet(from: Int64)
  case over(until: Int64)
  case suppressed(Rule.Suppression)
  /// The event's key is not in the rule's sample.
  case outsideSample(Rule.Sample)
}

extension Rule {
  /// Why the rule was left out for this frame; nil where its condition counted.
  package func absence(_ frame: borrowing Frame, at time: Int64) -> RuleAbsence? {
    if let from, time < from { return .notYet(from: from) }
    if let until, time >= until { return .over(until: until) }
    if let index = suppression(of: frame, at: time) { return .suppressed(suppressions[index]) }
    guard let sample, frame.slots[sample.slot].kind != .missing,
      StablePart.basisPoint(of: id, key: frame.slots[sample.slot], in: frame) >= sample.basisPoints
    else { return nil }
    return .outsideSample(sample)
  }
}

/// A stable pseudo-random place for a key within a rule: widening a sample keeps its members, and two rules' samples
/// are independent.
enum StablePart {
  /// 0 to 9,999, evenly. FNV-1a (Fowler, Noll, Vo) with the finaliser of MurmurHash3 against its weak high bits.
  static func basisPoint(of rule: String, key: Slot, in frame: borrowing Frame) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in rule.utf8 { mix(byte, into: &hash) }
    mix(0, into: &hash)
    switch key.kind {
    case .string, .bytes: for byte in frame.arena[key.range] { mix(byte, into: &hash) }
    default:
      for shift in 0..<8 { mix(UInt8(truncatingIfNeeded: key.payload >> UInt64(8 * shift)), into: &hash) }
    }
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    hash ^= hash >> 33
    return Int(hash.multipliedFullWidth(by: 10_000).high)
  }

  private static func mix(_ byte: UInt8, into hash: inout UInt64) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
