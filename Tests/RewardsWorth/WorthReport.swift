internal import RewardsSimulator
internal import RuleSets
package import Workbench

/// What a rule set is worth on the simulator's streams.
package struct WorthReport: Sendable {
  /// A fraud is to be stopped before it has been paid more payouts than these.
  package static let paidMax = 3
  /// At most such shares of the honest players are ever reviewed, ever blocked.
  package static let reviewedMax = 0.03
  package static let blockedMax = 0.005

  package let plan: WorthPlan
  /// The rule set's name and version.
  package let ruleSet: String
  package let version: String
  package let eventCount: Int
  /// In the order of the catalogue.
  package let frauds: [FraudFigures]
  package let all: FraudFigures
  package let honest: HonestFigures
  /// Accounts of frauds of which no event of the fraud came.
  package let idleFraudsters: Int
  /// In the rule set's order.
  package let rules: [RuleFigures]
  /// Events that got no decision, by code.
  package let refusals: [(code: String, count: Int)]

  init(_ measure: WorthMeasure, _ plan: WorthPlan) {
    self.plan = plan
    (ruleSet, version) = (measure.rules.name, measure.rules.version)
    eventCount = measure.eventCount
    frauds = FraudKind.allCases.compactMap { measure.frauds[$0] }
    all = measure.all
    honest = measure.honest
    idleFraudsters = measure.idleFraudsters
    rules = measure.figures
    refusals = measure.refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Of the events, payouts and accounts that were raised: the part that is fraud.
  package var eventPrecision: Rate { Rate(all.raisedEvents, of: all.raisedEvents + honest.raisedEvents) }
  package var payoutPrecision: Rate { Rate(all.caught.count, of: all.caught.count + honest.heldPayouts) }
  package var playerPrecision: Rate {
    Rate(all.caughtPlayers, of: all.caughtPlayers + honest.reviewedPlayers)
  }

  /// How much of the streams is fraud, on which precision depends.
  package var prevalence: Rate {
    Rate(all.players + idleFraudsters, of: all.players + idleFraudsters + honest.players)
  }

  /// The precision by account, were fraud so common; nil where nobody was raised.
  package func playerPrecision(at prevalence: Double) -> Double? {
    guard let caught = Rate(all.caughtPlayers, of: all.players).value, let raised = honest.reviewed.value
    else { return nil }
    let (right, wrong) = (caught * prevalence, raised * (1 - prevalence))
    return right + wrong > 0 ? right / (right + wrong) : nil
  }

  /// What is asked of the rules and not reached, in words.
  package var misses: [String] {
    var misses: [String] = []
    for fraud in frauds where fraud.beyond(Self.paidMax) > 0 {
      misses.append(
        "`\(fraud.name)`: \(fraud.beyond(Self.paidMax)) of \(fraud.players) accounts were paid more than "
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
