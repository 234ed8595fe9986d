/// So many events, and what was at stake in them, by currency.
package struct Stake: Hashable, Sendable {
  package private(set) var events = 0
  /// In minor units; by index into `Tally.currencies`, shorter where the last ones have none.
  package private(set) var amounts: [Int128] = []

  /// Nothing.
  package init() {}

  /// The amount in the currency numbered `currency`.
  package func amount(_ currency: Int) -> Int128 {
    amounts.indices.contains(currency) ? amounts[currency] : 0
  }

  mutating func add(_ count: TallyCount, currency: Int?) {
    events += count.events
    guard let currency else { return }
    while amounts.count <= currency { amounts.append(0) }
    amounts[currency] += count.amount
  }

  /// Both together.
  package static func + (left: Stake, right: Stake) -> Stake {
    var sum = left
    sum.events += right.events
    while sum.amounts.count < right.amounts.count { sum.amounts.append(0) }
    for (currency, amount) in right.amounts.enumerated() { sum.amounts[currency] += amount }
    return sum
  }

  /// What is left when `part` is taken out.
  func without(_ part: Stake) -> Stake {
    var rest = self
    rest.events -= part.events
    for currency in rest.amounts.indices { rest.amounts[currency] -= part.amount(currency) }
    return rest
  }
}

/// Stakes by truth.
package struct StakesByTruth: Hashable, Sendable {
  package internal(set) var honest = Stake()
  package internal(set) var fraud = Stake()
  package internal(set) var unknown = Stake()

  /// Nothing.
  package init() {}

  /// The stake of one class.
  package subscript(truth: Label.Truth) -> Stake {
    switch truth {
    case .honest: honest
    case .fraud: fraud
    case .unknown: unknown
    }
  }

  /// Events of every class.
  package var events: Int { honest.events + fraud.events + unknown.events }

  mutating func add(_ count: TallyCount, _ label: Label, _ currency: Int?) {
    switch label.truth {
    case .honest: honest.add(count, currency: currency)
    case .fraud: fraud.add(count, currency: currency)
    case .unknown: unknown.add(count, currency: currency)
    }
  }

  mutating func add(_ count: TallyCount, of kind: TallyKind) { add(count, kind.label, kind.currency) }

  /// Both together.
  package static func + (left: StakesByTruth, right: StakesByTruth) -> StakesByTruth {
    var sum = left
    sum.honest = left.honest + right.honest
    sum.fraud = left.fraud + right.fraud
    sum.unknown = left.unknown + right.unknown
    return sum
  }

  /// What is left when `part` is taken out.
  func without(_ part: StakesByTruth) -> StakesByTruth {
    var rest = self
    rest.honest = honest.without(part.honest)
    rest.fraud = fraud.without(part.fraud)
    rest.unknown = unknown.without(part.unknown)
    return rest
  }
}
