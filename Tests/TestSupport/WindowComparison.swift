package import CEL
package import Windows

/// An answer of a store in the words of the oracle.
extension WindowOracle.Answer {
  /// What a slot that `feature` was read into says.
  package init(_ slot: Slot, _ feature: FeaturePlan, _ frame: borrowing Frame) {
    if let empty = feature.empty, slot.kind == empty.kind, slot.payload == empty.payload {
      self = .empty
      return
    }
    self =
      switch slot.kind {
      case .failure: .failure
      case .int, .bool, .timestamp, .duration: .integer(slot.integer)
      case .double: .double(slot.double)
      case .string: .text(String(decoding: frame.arena[slot.range], as: UTF8.self))
      default: .missing
      }
  }

  /// Whether this, which is called saturated, is unknown, or a lower bound of what the whole log would tell.
  package func isConservative(_ feature: FeaturePlan, whole: Self) -> Bool {
    if self == .missing || self == whole || whole == .failure { return true }
    guard feature.aggregation == .count || feature.aggregation == .distinct, case .integer(let bound) = self
    else { return false }
    switch whole {
    case .integer(let exact): return bound <= exact
    case .empty: return bound == 0
    default: return false
    }
  }
}
