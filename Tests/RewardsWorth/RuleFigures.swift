/// What one rule did.
package struct RuleFigures: Sendable {
  package let id: String
  package let isShadow: Bool
  /// Events for which it fired.
  package internal(set) var fraudEvents = 0
  package internal(set) var honestEvents = 0
  /// Players for whom it ever fired.
  package internal(set) var fraudPlayers = 0
  package internal(set) var honestPlayers = 0

  /// Events that only it raised: without it they would have been allowed.
  package internal(set) var onlyFraudEvents = 0
  package internal(set) var onlyHonestEvents = 0
  /// Fraudsters who would not have been caught without it.
  package internal(set) var onlyFraudPlayers = 0
  /// Cents of the frauds' payouts that only it held.
  package internal(set) var onlyAmount = 0

  /// Without it, all that was caught would have been caught.
  package var catchesNothingMore: Bool { !isShadow && onlyFraudEvents == 0 && onlyFraudPlayers == 0 }

  init(id: String, isShadow: Bool) { (self.id, self.isShadow) = (id, isShadow) }

  mutating func fire(isFraud: Bool) {
    if isFraud { fraudEvents += 1 } else { honestEvents += 1 }
  }

  mutating func raiseAlone(isFraud: Bool, amount: Int) {
    if isFraud {
      onlyFraudEvents += 1
      onlyAmount += amount
    } else {
      onlyHonestEvents += 1
    }
  }
}
