package import RewardsSimulator
package import Workbench

/// What became of one kind of fraud.
package struct FraudFigures: Sendable {
  /// Payouts and their sum.
  package struct Money: Sendable, Equatable {
    package internal(set) var count = 0
    /// Cents.
    package internal(set) var amount = 0

    package init(count: Int = 0, amount: Int = 0) { (self.count, self.amount) = (count, amount) }

    package static func + (left: Money, right: Money) -> Money {
      Money(count: left.count + right.count, amount: left.amount + right.amount)
    }

    mutating func add(_ money: PlayerRecord.Money) {
      count += money.count
      amount += money.amount
    }
  }

  /// Nil for all kinds together.
  package let kind: FraudKind?
  package internal(set) var operations = 0
  /// Accounts of which an event of the fraud came.
  package internal(set) var players = 0
  /// An event of the fraud was reviewed or blocked.
  package internal(set) var caughtPlayers = 0
  /// A payout of the fraud was held.
  package internal(set) var stoppedPlayers = 0
  /// An event of the fraud was blocked.
  package internal(set) var blockedPlayers = 0
  package internal(set) var events = 0
  package internal(set) var raisedEvents = 0

  // All money that was asked for is caught, lost, or was allowed after the stop.
  package internal(set) var asked = Money()
  package internal(set) var caught = Money()
  package internal(set) var lost = Money()
  package internal(set) var afterStop = Money()

  /// Payouts by account that were paid before it was stopped, or in all where it never was.
  package internal(set) var paidBeforeStop: [Int] = []
  /// Payouts by account until the stream's end, as if nobody had been closed.
  package internal(set) var paidInAll: [Int] = []
  /// Accounts that were paid and never stopped.
  package internal(set) var paidAndNeverStopped = 0
  var paidBeforeBlock: [Int] = []
  var amountBeforeBlock: [Int] = []
  /// Paid before the stop, by those who act together.
  var paidByOperation: [Int] = []
  /// Milliseconds from the first event of the fraud.
  var untilBlock: [Int64] = []
  var untilStop: [Int64] = []

  init(kind: FraudKind?) { self.kind = kind }

  package var name: String { kind?.rawValue ?? "all" }
  package var playerRecall: Rate { Rate(stoppedPlayers, of: players) }
  package var eventRecall: Rate { Rate(raisedEvents, of: events) }
  package var payoutRecall: Rate { Rate(caught.count, of: asked.count) }

  package var paidBeforeStopMax: Int { paidBeforeStop.max() ?? 0 }
  package var paidBeforeStopMean: Double { mean(paidBeforeStop) }
  package var paidInAllMax: Int { paidInAll.max() ?? 0 }
  package var paidByOperationMax: Int { paidByOperation.max() ?? 0 }
  package var paidByOperationMean: Double { mean(paidByOperation) }
  package var paidBeforeBlockMax: Int { paidBeforeBlock.max() ?? 0 }
  package var paidBeforeBlockMean: Double { mean(paidBeforeBlock) }
  package var amountBeforeBlockMean: Double { mean(amountBeforeBlock) }
  /// Of those who were blocked; nil where nobody was.
  package var untilBlockMedian: Int64? { median(untilBlock) }
  package var untilStopMedian: Int64? { median(untilStop) }

  /// Accounts that were paid more often than `limit` before they were stopped.
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
    asked.add(record.asked)
    caught.add(record.caught)
    lost.add(record.lost)
    afterStop.add(record.afterStop)
    paidBeforeStop.append(record.lost.count)
    paidInAll.append(record.lost.count + record.afterStop.count)
    paidAndNeverStopped += !record.isStopped && record.lost.count > 0 ? 1 : 0
    paidBeforeBlock.append(record.paidBeforeBlock.count)
    amountBeforeBlock.append(record.paidBeforeBlock.amount)
    let begin = record.firstAt ?? 0
    if let time = record.blockedAt { untilBlock.append(max(0, time - begin)) }
    if let time = record.stoppedAt { untilStop.append(max(0, time - begin)) }
  }
}
