/// What is known of a value from comparisons with constants that all hold: it lies between two bounds, is one of some
/// values, is none of others.
///
/// Bounds are compared as the evaluator compares values, so that whatever is found contradictory is so at run time.
struct Constraint {
  /// What one comparison says of a value.
  struct Fact {
    let relation: Relation
    /// Whole-number values lie next to each other.
    let isWhole: Bool
    /// Where it does not hold its opposite does: so it is unless the value may be NaN.
    let canBeNegated: Bool
  }

  enum Relation {
    case equal(Value)
    case notEqual(Value)
    case less(Value)
    case lessOrEqual(Value)
    case greater(Value)
    case greaterOrEqual(Value)
    case among([Value])
    case notAmong([Value])

    /// What holds where this does not; of values that are equal to nothing, such as NaN, neither does.
    var negated: Relation {
      switch self {
      case .equal(let value): .notEqual(value)
      case .notEqual(let value): .equal(value)
      case .less(let value): .greaterOrEqual(value)
      case .lessOrEqual(let value): .greater(value)
      case .greater(let value): .lessOrEqual(value)
      case .greaterOrEqual(let value): .less(value)
      case .among(let values): .notAmong(values)
      case .notAmong(let values): .among(values)
      }
    }
  }

  private struct Bound {
    let value: Value
    let isOpen: Bool
    let source: NodeID
  }

  private var lower: Bound?
  private var upper: Bound?
  private var allowed: (values: [Value], source: NodeID)?
  private var excluded: [(value: Value, source: NodeID)] = []

  /// Longer lists of excluded values are not searched.
  private static let excludedMax = 64

  /// Takes in a fact that the node `source` states, and returns an earlier one that cannot hold together with it.
  mutating func narrow(_ fact: Fact, _ source: NodeID) -> NodeID? {
    switch fact.relation {
    case .equal(let value): return keep([value], source)
    case .among(let values): return keep(values, source)
    case .notEqual(let value): exclude([value], source)
    case .notAmong(let values): exclude(values, source)
    case .less(let value): drop(to: value, isOpen: true, fact, source)
    case .lessOrEqual(let value): drop(to: value, isOpen: false, fact, source)
    case .greater(let value): raise(to: value, isOpen: true, fact, source)
    case .greaterOrEqual(let value): raise(to: value, isOpen: false, fact, source)
    }
    return conflict(with: source)
  }

  private mutating func keep(_ values: [Value], _ source: NodeID) -> NodeID? {
    if let allowed {
      let both = allowed.values.filter { own in values.contains { $0.isEqual(to: own) } }
      if both.isEmpty { return allowed.source }
      self.allowed = (both, source)
    } else {
      allowed = (values, source)
    }
    return conflict(with: source)
  }

  private mutating func exclude(_ values: [Value], _ source: NodeID) {
    for value in values where excluded.count < Self.excludedMax { excluded.append((value, source)) }
  }

  private mutating func raise(to value: Value, isOpen: Bool, _ fact: Fact, _ source: NodeID) {
    var (value, isOpen) = (value, isOpen)
    if fact.isWhole, isOpen, case .int(let number) = value, number < .max {
      (value, isOpen) = (.int(number + 1), false)
    }
    guard let lower else { return self.lower = Bound(value: value, isOpen: isOpen, source: source) }
    switch value.order(to: lower.value) {
    case .greater?: self.lower = Bound(value: value, isOpen: isOpen, source: source)
    case .equal? where isOpen && !lower.isOpen:
      self.lower = Bound(value: value, isOpen: isOpen, source: source)
    default: break
    }
  }

  private mutating func drop(to value: Value, isOpen: Bool, _ fact: Fact, _ source: NodeID) {
    var (value, isOpen) = (value, isOpen)
    if fact.isWhole, isOpen, case .int(let number) = value, number > .min {
      (value, isOpen) = (.int(number - 1), false)
    }
    guard let upper else { return self.upper = Bound(value: value, isOpen: isOpen, source: source) }
    switch value.order(to: upper.value) {
    case .less?: self.upper = Bound(value: value, isOpen: isOpen, source: source)
    case .equal? where isOpen && !upper.isOpen:
      self.upper = Bound(value: value, isOpen: isOpen, source: source)
    default: break
    }
  }

  /// The other of two facts that leave no value, where `source` is one of them.
  private func conflict(with source: NodeID) -> NodeID? {
    if let lower, let upper {
      let order = lower.value.order(to: upper.value)
      if order == .greater || (order == .equal && (lower.isOpen || upper.isOpen)) {
        return lower.source == source ? upper.source : lower.source
      }
    }
    guard let allowed else { return nil }
    var culprit: NodeID?
    for value in allowed.values {
      guard let found = refusal(of: value) else { return nil }
      culprit = found
    }
    return culprit == source ? allowed.source : culprit
  }

  /// The fact that rules a value out, nil when none does.
  private func refusal(of value: Value) -> NodeID? {
    if let lower {
      let order = value.order(to: lower.value)
      if order == .less || (order == .equal && lower.isOpen) { return lower.source }
    }
    if let upper {
      let order = value.order(to: upper.value)
      if order == .greater || (order == .equal && upper.isOpen) { return upper.source }
    }
    return excluded.first { $0.value.isEqual(to: value) }?.source
  }
}
