import Assay
import Foundation
import RewardsSimulator
import RewardsWorth
import RuleSets
import TestSupport
import Testing

/// What the rules that ship are worth, as the README of the rule set says.
///
/// The published table takes a minute and is compared where `ASSAY_WORTH=1` says so; a small one always is. `ASSAY_RECORD=1`
/// writes them anew.
@Suite struct WorthTests {
  private static let folder = SharedData.projectRoot.appending(path: "Rules/rewards")
  private static let small = SharedData.projectRoot.appending(path: "Fixtures/rewards/worth.md")
  private static let begin = "<!-- table: make worth ARGS=\"--format markdown\" -->\n"
  private static let end = "<!-- end of table -->\n"
  private static let isAsked = ProcessInfo.processInfo.environment["ASSAY_WORTH"] == "1"

  @Test func theSmallTableIsWhatTheProgramPrints() throws {
    let plan = WorthPlan(seeds: [2_001], players: 40, days: 20, strength: 0.2)
    let text = WorthMeasure.report(try RuleSet(contentsOf: Self.folder.path), plan).markdown
    if FixtureTests.isRecording { try text.write(to: Self.small, atomically: true, encoding: .utf8) }
    let stored = try String(contentsOf: Self.small, encoding: .utf8)
    #expect(stored == text, "ASSAY_RECORD=1 writes \(Self.small.lastPathComponent) anew")
  }

  @Test(.enabled(if: isAsked)) func thePublishedTableIsWhatTheProgramPrints() throws {
    let readme = Self.folder.appending(path: "README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    let head = try #require(text.range(of: Self.begin))
    let tail = try #require(text.range(of: Self.end))
    let table =
      "\n" + WorthMeasure.report(try RuleSet(contentsOf: Self.folder.path), WorthPlan()).markdown + "\n"
    if FixtureTests.isRecording {
      let recorded = text.replacingCharacters(in: head.upperBound..<tail.lowerBound, with: table)
      try recorded.write(to: readme, atomically: true, encoding: .utf8)
    } else {
      #expect(text[head.upperBound..<tail.lowerBound] == table, "ASSAY_RECORD=1 writes the table anew")
    }
  }

  /// The seeds of the published figures are none of those on which thresholds are chosen.
  @Test func seedsAreHeldAside() {
    #expect(!WorthPlan.training.overlaps(WorthPlan.heldAside))
    #expect(WorthPlan().seeds == Array(WorthPlan.heldAside))
  }

  /// Against a recount by another way: over the stream's lines and labels, without the simulator's own marks.
  @Test func figuresAreThoseOfARecount() throws {
    let rules = try RuleSet(contentsOf: Self.folder.path)
    let plan = WorthPlan(
      seeds: [3], players: 50, days: 20, frauds: [.deviceFarm, .sharedReceiver, .metronome])
    let report = WorthMeasure.report(rules, plan)
    let stream = RecordedStream(plan.plan(3))
    var frauds: [String: String] = [:]
    var users: [String: String] = [:]
    for label in stream.labels {
      let object = try Self.object(label)
      frauds[object["event"] as? String ?? ""] = object["fraud"] as? String
      users[object["user"] as? String ?? ""] = object["fraud"] as? String
    }
    var (raised, paid, blocked) = ([String: Int](), [String: Int](), Set<String>())
    var (reviewed, honest, stopped) = (Set<String>(), Set<String>(), Set<String>())
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    for line in stream.lines {
      let decision = try engine.decide(line)
      if decision.repeated { continue }
      let object = try Self.object(line)
      let user = try #require((object["user"] as? [String: Any])?["id"] as? String)
      let fraud = frauds[object["id"] as? String ?? ""]
      let isPayout = object["type"] as? String == "payout.requested"
      if users[user] == nil {
        honest.insert(user)
        if decision.outcome != .allow { reviewed.insert(user) }
      }
      if let fraud, decision.outcome != .allow { raised[fraud, default: 0] += 1 }
      if let fraud, isPayout, decision.outcome == .allow, !stopped.contains(user) {
        paid[fraud, default: 0] += 1
      }
      if decision.outcome == .block { blocked.insert(user) }
      if decision.outcome == .block || isPayout && decision.outcome != .allow { stopped.insert(user) }
    }
    #expect(report.honest.players == honest.count)
    #expect(report.honest.reviewedPlayers == reviewed.count)
    #expect(report.honest.blockedPlayers == blocked.intersection(honest).count)
    for figures in report.frauds {
      #expect(figures.raisedEvents == raised[figures.name] ?? 0, "\(figures.name)")
      #expect(figures.paidBeforeStop.reduce(0, +) == paid[figures.name] ?? 0, "\(figures.name)")
      #expect(figures.stoppedPlayers == stopped.count { users[$0] == figures.name }, "\(figures.name)")
    }
    #expect(report.refusals.isEmpty)
  }

  private static func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }
}
