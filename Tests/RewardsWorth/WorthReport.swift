internal import RewardsSimulator
package import Workbench

/// What a rule set is worth on the simulator's streams.
package struct WorthReport: Sendable {
  /// Before so many payouts more a fraud is to be stopped.
  package static let paidMax = 3
  /// At most such shares of the honest players are ever reviewed, ever blocked.
  package static let reviewedMax = 0.03
  package static let blockedMax = 0.005

  package let plan: WorthPlan
  package let eventCount: Int
  /// In the order of the catalogue.
  package let frauds: [FraudFigures]
  package let all: FraudFigures
  package let honest: HonestFigures
  /// In the rule set's order.
  package let rules: [RuleFigures]
  /// Events that got no decision, by code.
  package let refusals: [(code: String, count: Int)]

  init(_ measure: WorthMeasure, _ plan: WorthPlan) {
    self.plan = plan
    eventCount = measure.eventCount
    frauds = FraudKind.allCases.compactMap { measure.frauds[$0] }
    all = measure.all
    honest = measure.honest
    rules = measure.figures
    refusals = measure.refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Of the events, payouts and players that were raised: the part that is fraud.
  package var eventPrecision: Rate { Rate(all.raisedEvents, of: all.raisedEvents + honest.raisedEvents) }
  package var payoutPrecision: Rate {
    Rate(all.stoppedPayouts, of: all.stoppedPayouts + honest.stoppedPayouts)
  }
  package var playerPrecision: Rate {
    Rate(all.caughtPlayers, of: all.caughtPlayers + honest.reviewedPlayers)
  }

  /// What is asked of the rules and not reached, in words.
  package var misses: [String] {
    var misses: [String] = []
    for fraud in frauds where fraud.beyond(Self.paidMax) > 0 {
      misses.append(
        "`\(fraud.name)`: \(fraud.beyond(Self.paidMax)) of \(fraud.players) players were paid more than "
          + "\(Self.paidMax) times before they were stopped, \(fraud.paidBeforeStopMax) times at most")
    }
    if let share = honest.blocked.value, share >= Self.blockedMax {
      misses.append(
        "\(Figures.percent(honest.blocked)) of the honest players were blocked, fewer than 0.5 % may be")
    }
    if let share = honest.reviewed.value, share >= Self.reviewedMax {
      misses.append(
        "\(Figures.percent(honest.reviewed)) of the honest players were reviewed, fewer than 3 % may be")
    }
    for refusal in refusals { misses.append("\(refusal.count) events were refused: `\(refusal.code)`") }
    return misses
  }

  /// The rules without which all that was caught would have been caught.
  package var idleRules: [String] { rules.filter(\.catchesNothingMore).map(\.id) }
}
