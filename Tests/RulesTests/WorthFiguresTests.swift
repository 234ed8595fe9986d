import Assay
import Foundation
import RewardsSimulator
import RewardsWorth
import RuleSets
import TestSupport
import Testing
import Workbench

/// The figures of worth: against a recount, and that all money is accounted for.
@Suite struct WorthFiguresTests {
  private static func rules() throws -> RuleSet {
    try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
  }

  /// A rule set with two rules: callbacks without a signature are refused, payouts of `amount` and more are held.
  private static func twoRules(from amount: Int) throws -> RuleSet {
    let rewards = SharedData.projectRoot.appending(path: "Rules/rewards")
    let folder = try RuleSetFolder([
      "ruleset.yaml": "ruleset: two\ndecision: {review: 40, block: 100}\nunavailable: review\n",
      "schema.yaml": String(contentsOf: rewards.appending(path: "schema.yaml"), encoding: .utf8),
      "rules/two.yaml": """
      rules:
        - {id: unsigned, title: u, family: velocity, on: reward.granted, when: "!ad.signed", on_missing: skip, decide: block}
        - {id: large, title: l, family: velocity, on: payout.requested, when: payout.amount >= \(amount), on_missing: skip, score: 40}

      """,
    ])
    return try withExtendedLifetime(folder) { try RuleSet(contentsOf: folder.url.path) }
  }

  /// What was asked for was caught, lost, or allowed after the stop: by fraud, in all, payouts and cents.
  @Test func allMoneyIsAccountedFor() throws {
    let report = WorthMeasure.report(
      try Self.rules(), WorthPlan(seeds: [2], players: 20, days: 30, strength: 0))
    #expect(report.frauds.count == FraudKind.allCases.count)
    for fraud in report.frauds + [report.all] {
      #expect(fraud.asked == fraud.caught + fraud.lost + fraud.afterStop, "\(fraud.name)")
      #expect(fraud.lost.count == fraud.paidBeforeStop.reduce(0, +), "\(fraud.name)")
      #expect((fraud.lost + fraud.afterStop).count == fraud.paidInAll.reduce(0, +), "\(fraud.name)")
    }
    #expect(report.all.caught.amount > 0 && report.all.lost.amount > 0 && report.all.afterStop.amount > 0)
    for part in [\FraudFigures.asked, \.caught, \.lost, \.afterStop] {
      let sum = report.frauds.map { $0[keyPath: part] }.reduce(FraudFigures.Money(), +)
      #expect(sum == report.all[keyPath: part])
    }
  }

  /// A refused callback is one reward less and stops nobody: what such a player is paid afterwards is lost.
  @Test func aRefusedRewardIsNoStop() throws {
    let plan = WorthPlan(seeds: [3], players: 0, days: 40, frauds: [.callbackForgery], operations: 2)
    let report = WorthMeasure.report(try Self.twoRules(from: 1_000_000), plan)
    let fraud = try #require(report.frauds.first)
    #expect(fraud.blockedPlayers > 0 && fraud.raisedEvents > 0)
    #expect(fraud.stoppedPlayers == 0 && fraud.caught.count == 0 && fraud.afterStop.count == 0)
    #expect(fraud.lost == fraud.asked && fraud.lost.count > 3)
    #expect(fraud.paidAndNeverStopped > 0)
    #expect(report.misses.contains { $0.hasPrefix("`callback-forgery`") })
    #expect(fraud.paidBeforeBlockMean < fraud.paidBeforeStopMean)
  }

  /// A held payout is the stop; what is allowed after it is neither caught nor lost.
  @Test func aHeldPayoutIsTheStop() throws {
    let plan = WorthPlan(seeds: [3], players: 0, days: 40, frauds: [.fastCashout], operations: 3)
    let report = WorthMeasure.report(try Self.twoRules(from: 400), plan)
    let fraud = try #require(report.frauds.first)
    #expect(fraud.stoppedPlayers > 0 && fraud.caught.count > 0 && fraud.afterStop.count > 0)
    #expect(fraud.asked == fraud.caught + fraud.lost + fraud.afterStop)
    #expect(fraud.blockedPlayers == 0 && fraud.untilBlockMedian == nil && fraud.untilStopMedian != nil)
  }

  /// Accounts of a fraud that never got to it are nobody's: neither caught nor spared.
  @Test func idleFraudstersAreNotHonest() throws {
    let plan = WorthPlan(
      seeds: [1, 2], players: 20, days: 12, frauds: [.sharedReceiver, .payoutProbing], operations: 2)
    let report = WorthMeasure.report(try Self.rules(), plan)
    var (honest, frauds, marked) = (Set<[Int]>(), Set<[Int]>(), Set<[Int]>())
    for (index, seed) in plan.seeds.enumerated() {
      let simulation = Simulation(plan.plan(seed))
      while let event = simulation.next() {
        if event.isFraudster {
          frauds.insert([index, event.user])
        } else {
          honest.insert([index, event.user])
        }
        if event.mark != nil { marked.insert([index, event.user]) }
      }
    }
    #expect(report.honest.players == honest.subtracting(frauds).count && report.honest.players <= 40)
    #expect(report.all.players == marked.count)
    #expect(report.idleFraudsters == frauds.subtracting(marked).count && report.idleFraudsters > 0)
    #expect(report.prevalence == Rate(frauds.count, of: frauds.union(honest).count))
  }

  /// Precision falls with what there is to find.
  @Test func precisionIsToldForRareFraudsToo() throws {
    let report = WorthMeasure.report(
      try Self.twoRules(from: 500),
      WorthPlan(seeds: [2], players: 60, days: 30, frauds: [.deviceFarm, .fastCashout]))
    let prevalence = try #require(report.prevalence.value)
    let own = try #require(report.playerPrecision.value)
    let rare = try #require(report.playerPrecision(at: prevalence / 10))
    #expect(rare < own)
  }

  /// Against a recount by another way: over the stream's lines and labels, without the simulator's own marks.
  @Test func figuresAreThoseOfARecount() throws {
    let rules = try Self.rules()
    let plan = WorthPlan(
      seeds: [3], players: 50, days: 20, frauds: [.deviceFarm, .sharedReceiver, .metronome, .callbackForgery])
    let report = WorthMeasure.report(rules, plan)
    let recount = try Recount(RecordedStream(plan.plan(3)), rules)
    #expect(report.honest.players == recount.honest.count)
    #expect(report.honest.reviewedPlayers == recount.reviewed.intersection(recount.honest).count)
    #expect(report.honest.blockedPlayers == recount.blocked.intersection(recount.honest).count)
    for figures in report.frauds {
      let own = try #require(recount.frauds[figures.name])
      #expect(figures.raisedEvents == own.raised, "\(figures.name)")
      #expect(figures.asked.amount == own.asked, "\(figures.name)")
      #expect(figures.caught.amount == own.caught, "\(figures.name)")
      #expect(figures.lost.amount == own.lost, "\(figures.name)")
      #expect(figures.paidBeforeStop.reduce(0, +) == own.paid, "\(figures.name)")
      #expect(figures.stoppedPlayers == own.stopped.count, "\(figures.name)")
      #expect(figures.blockedPlayers == own.blocked.count, "\(figures.name)")
    }
    #expect(report.refusals.isEmpty)
  }
}

/// The figures counted from lines of JSON.
private struct Recount {
  struct Fraud {
    var (raised, asked, caught, lost, paid) = (0, 0, 0, 0, 0)
    var (stopped, blocked) = (Set<String>(), Set<String>())
  }

  var frauds: [String: Fraud] = [:]
  var (honest, reviewed, blocked) = (Set<String>(), Set<String>(), Set<String>())

  init(_ stream: RecordedStream, _ rules: RuleSet) throws {
    var (kinds, fraudsters) = ([String: String](), Set<String>())
    for label in stream.labels {
      let object = try Self.object(label)
      kinds[object["event"] as? String ?? ""] = object["fraud"] as? String
      fraudsters.insert(object["user"] as? String ?? "")
    }
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    for line in stream.lines {
      let decision = try engine.decide(line)
      if decision.repeated { continue }
      let object = try Self.object(line)
      let user = try #require((object["user"] as? [String: Any])?["id"] as? String)
      // The simulator numbers honest players first.
      if let number = Int(user.dropFirst()), number <= 1_050 { honest.insert(user) }
      if decision.outcome != .allow { reviewed.insert(user) }
      if decision.outcome == .block { blocked.insert(user) }
      guard let kind = kinds[object["id"] as? String ?? ""] else { continue }
      frauds[kind, default: Fraud()].count(object, user, decision.outcome)
    }
  }

  private static func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}

extension Recount.Fraud {
  fileprivate mutating func count(_ event: [String: Any], _ user: String, _ outcome: Outcome) {
    if outcome != .allow { raised += 1 }
    if outcome == .block { blocked.insert(user) }
    guard event["type"] as? String == "payout.requested" else { return }
    let amount = (event["payout"] as? [String: Any])?["amount_minor"] as? Int ?? 0
    asked += amount
    if outcome != .allow {
      caught += amount
      stopped.insert(user)
    } else if !stopped.contains(user) {
      lost += amount
      paid += 1
    }
  }
}
