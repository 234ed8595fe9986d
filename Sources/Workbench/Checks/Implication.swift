internal import CEL

extension Claim {
  /// Whether `other` holds wherever this does. True only where that is certain; many true implications are not seen.
  ///
  /// Each step takes one of the two apart, so that the work is at most the product of their sizes.
  func implies(_ other: Claim) -> Bool {
    if case .all(let parts) = other { return parts.allSatisfy(implies) }
    if case .any(let parts) = self { return parts.allSatisfy { $0.implies(other) } }
    if case .any(let parts) = other, parts.contains(where: implies) { return true }
    switch (self, other) {
    case (.all(let parts), _): return parts.contains { $0.implies(other) }
    case (.fact(let fact), .fact(let claimed)): return fact.term == claimed.term && fact.implies(claimed)
    case (.other(let text), .other(let claimed)): return text == claimed
    default: return false
    }
  }

  /// The terms of which one must be compared wherever it holds: those that the cheapest part asks about.
  var neededTerms: Set<String> {
    switch self {
    case .all(let parts): parts.map(\.neededTerms).min { $0.count < $1.count } ?? []
    case .any(let parts): parts.reduce(into: []) { $0.formUnion($1.neededTerms) }
    case .fact(let fact): [fact.term]
    case .other(let text): [text]
    }
  }

  /// Every term that it says something about.
  var terms: Set<String> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.terms) }
    case .fact(let fact): [fact.term]
    case .other(let text): [text]
    }
  }
}

extension Claim.Fact {
  /// Whether `other`, about the same term, holds wherever this does.
  fileprivate func implies(_ other: Claim.Fact) -> Bool {
    switch relation {
    case .among(let values): return values.allSatisfy { other.relation.holds(for: $0) == true }
    case .notEqual(let value):
      if case .notEqual(let other) = other.relation { return value.isEqual(to: other) }
      return false
    case .greater(let bound):
      if isWhole, case .int(let number) = bound, number < .max {
        return Self.above(.int(number + 1), isOpen: false, other.relation)
      }
      return Self.above(bound, isOpen: true, other.relation)
    case .greaterOrEqual(let bound): return Self.above(bound, isOpen: false, other.relation)
    case .less(let bound):
      if isWhole, case .int(let number) = bound, number > .min {
        return Self.below(.int(number - 1), isOpen: false, other.relation)
      }
      return Self.below(bound, isOpen: true, other.relation)
    case .lessOrEqual(let bound): return Self.below(bound, isOpen: false, other.relation)
    }
  }

  /// Whether `claimed` holds for everything from `bound` on.
  private static func above(_ bound: Value, isOpen: Bool, _ claimed: Claim.Relation) -> Bool {
    switch claimed {
    case .greaterOrEqual(let other): bound.order(to: other) == .greater || bound.order(to: other) == .equal
    case .greater(let other):
      bound.order(to: other) == .greater || (isOpen && bound.order(to: other) == .equal)
    case .notEqual(let other):
      bound.order(to: other) == .greater || (isOpen && bound.order(to: other) == .equal)
    case .less, .lessOrEqual, .among: false
    }
  }

  /// Whether `claimed` holds for everything up to `bound`.
  private static func below(_ bound: Value, isOpen: Bool, _ claimed: Claim.Relation) -> Bool {
    switch claimed {
    case .lessOrEqual(let other): bound.order(to: other) == .less || bound.order(to: other) == .equal
    case .less(let other): bound.order(to: other) == .less || (isOpen && bound.order(to: other) == .equal)
    case .notEqual(let other):
      bound.order(to: other) == .less || (isOpen && bound.order(to: other) == .equal)
    case .greater, .greaterOrEqual, .among: false
    }
  }
}
