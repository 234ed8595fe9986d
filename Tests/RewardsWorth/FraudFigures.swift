package import RewardsSimulator
package import Workbench

/// What became of one kind of fraud.
package struct FraudFigures: Sendable {
  /// Nil for all kinds together.
  package let kind: FraudKind?
  package internal(set) var operations = 0
  package internal(set) var players = 0
  /// An event of the fraud was reviewed or blocked.
  package internal(set) var caughtPlayers = 0
  /// An event was blocked, or a payout held.
  package internal(set) var stoppedPlayers = 0
  package internal(set) var blockedPlayers = 0
  package internal(set) var events = 0
  package internal(set) var raisedEvents = 0
  package internal(set) var payouts = 0
  package internal(set) var stoppedPayouts = 0
  /// Cents.
  package internal(set) var amount = 0
  package internal(set) var stoppedAmount = 0
  /// Cents that were paid before the player was stopped, or in all where that never happened: what is really lost.
  package internal(set) var lostAmount = 0

  /// Payouts by player before the first block.
  var paidBeforeBlock: [Int] = []
  package internal(set) var paidBeforeStop: [Int] = []
  /// The same for those who act together.
  var paidByOperation: [Int] = []
  /// Milliseconds from the first event of the fraud.
  var untilBlock: [Int64] = []
  var untilStop: [Int64] = []
  var amountBeforeBlock: [Int] = []

  init(kind: FraudKind?) { self.kind = kind }

  package var name: String { kind?.rawValue ?? "all" }
  package var playerRecall: Rate { Rate(stoppedPlayers, of: players) }
  package var eventRecall: Rate { Rate(raisedEvents, of: events) }
  package var payoutRecall: Rate { Rate(stoppedPayouts, of: payouts) }

  package var paidBeforeBlockMax: Int { paidBeforeBlock.max() ?? 0 }
  package var paidBeforeBlockMean: Double { mean(paidBeforeBlock) }
  package var paidBeforeStopMax: Int { paidBeforeStop.max() ?? 0 }
  package var paidBeforeStopMean: Double { mean(paidBeforeStop) }
  package var paidByOperationMax: Int { paidByOperation.max() ?? 0 }
  package var paidByOperationMean: Double { mean(paidByOperation) }
  package var amountBeforeBlockMean: Double { mean(amountBeforeBlock) }
  /// Of those who were blocked; nil where nobody was.
  package var untilBlockMedian: Int64? { median(untilBlock) }
  package var untilStopMedian: Int64? { median(untilStop) }

  /// Players who were paid more often than `limit` before they were stopped.
  package func beyond(_ limit: Int) -> Int { paidBeforeStop.count { $0 > limit } }

  private func mean(_ values: [Int]) -> Double {
    values.isEmpty ? 0 : Double(values.reduce(0, +)) / Double(values.count)
  }

  private func median(_ values: [Int64]) -> Int64? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }

  mutating func add(_ record: PlayerRecord) {
    players += 1
    caughtPlayers += record.isCaught ? 1 : 0
    stoppedPlayers += record.isStopped ? 1 : 0
    blockedPlayers += record.blockedAt != nil ? 1 : 0
    events += record.events
    raisedEvents += record.raisedEvents
    payouts += record.payouts.count
    stoppedPayouts += record.stoppedPayouts.count
    amount += record.payouts.amount
    stoppedAmount += record.stoppedPayouts.amount
    lostAmount += record.paidBeforeStop.amount
    paidBeforeBlock.append(record.paidBeforeBlock.count)
    paidBeforeStop.append(record.paidBeforeStop.count)
    amountBeforeBlock.append(record.paidBeforeBlock.amount)
    let begin = record.firstFraudAt ?? 0
    if let time = record.blockedAt { untilBlock.append(max(0, time - begin)) }
    if let time = record.stoppedAt { untilStop.append(max(0, time - begin)) }
  }
}

/// What honest players had to endure.
package struct HonestFigures: Sendable {
  package internal(set) var players = 0
  /// Any of their events, ever.
  package internal(set) var reviewedPlayers = 0
  package internal(set) var blockedPlayers = 0
  package internal(set) var events = 0
  package internal(set) var raisedEvents = 0
  package internal(set) var payouts = 0
  package internal(set) var stoppedPayouts = 0
  package internal(set) var stoppedAmount = 0

  package var reviewed: Rate { Rate(reviewedPlayers, of: players) }
  package var blocked: Rate { Rate(blockedPlayers, of: players) }
}
