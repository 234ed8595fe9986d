import Assay
import Foundation
import RuleSets
import TestSupport
import Testing

/// The rules of `Rules/rewards` catch the frauds of the recorded streams and let honest players be.
///
/// The table in `Fixtures/rewards/README.md` is what this measures; `ASSAY_RECORD=1` writes it anew.
@Suite struct CatchTests {
  static let readme = FixtureTests.folder.appending(path: "README.md")
  private static let begin = "<!-- table: written by CatchTests -->\n"
  private static let end = "<!-- end of table -->\n"

  @Test func theShippedRulesCatchWhatTheTableSays() throws {
    let tally = try Self.measure()
    let text = try String(contentsOf: Self.readme, encoding: .utf8)
    let head = try #require(text.range(of: Self.begin))
    let tail = try #require(text.range(of: Self.end))
    let table = tally.table
    if FixtureTests.isRecording {
      let recorded = text.replacingCharacters(in: head.upperBound..<tail.lowerBound, with: table)
      try recorded.write(to: Self.readme, atomically: true, encoding: .utf8)
    } else {
      #expect(text[head.upperBound..<tail.lowerBound] == table, "ASSAY_RECORD=1 writes the table anew")
    }
  }

  @Test func fewFraudstersPassAndFewHonestPlayersAreStopped() throws {
    let tally = try Self.measure()
    for fraud in RewardStream.frauds {
      let row = try #require(tally.rows[fraud])
      // The first payout to a shared receiver looks like any other.
      #expect(row.stoppedUsers.count >= row.users.count - 1, "\(fraud)")
      #expect(!row.stoppedUsers.isEmpty, "\(fraud)")
    }
    let honest = try #require(tally.rows[Tally.honest])
    #expect(honest.stopped * 1000 < honest.events * 5)
    #expect(honest.blocked * 1000 < honest.events)
  }

  /// Decides the stream, each event once, and counts by what it truly was.
  static func measure() throws -> Tally {
    let rules = try RuleSet(
      contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var frauds: [String: String] = [:]
    for label in FixtureTests.stream.labels {
      let truth = try members(label)
      if let event = truth["event"] as? String { frauds[event] = truth["fraud"] as? String }
    }
    var tally = Tally()
    for line in FixtureTests.stream.lines {
      let event = try members(line)
      let id = try #require(event["id"] as? String)
      let user = try #require((event["user"] as? [String: Any])?["id"] as? String)
      let decision = try engine.decide(line)
      guard !decision.repeated else { continue }
      let isPayout = event["type"] as? String == "payout.requested"
      tally.rows[frauds[id] ?? Tally.honest, default: Row()].add(
        decision.outcome, user: user, isPayout: isPayout)
    }
    return tally
  }

  private static func members(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  /// What became of the events of one kind.
  struct Row {
    var events = 0
    var stopped = 0
    var blocked = 0
    var payouts = 0
    var stoppedPayouts = 0
    var users: Set<String> = []
    var stoppedUsers: Set<String> = []

    mutating func add(_ outcome: Outcome, user: String, isPayout: Bool) {
      let isStopped = outcome != .allow
      events += 1
      users.insert(user)
      if isStopped { stoppedUsers.insert(user) }
      stopped += isStopped ? 1 : 0
      blocked += outcome == .block ? 1 : 0
      payouts += isPayout ? 1 : 0
      stoppedPayouts += isPayout && isStopped ? 1 : 0
    }
  }

  /// Rows by kind of fraud, and one of what is no fraud.
  struct Tally {
    static let honest = "none"
    var rows: [String: Row] = [:]

    var table: String {
      var text = """
        | fraud | players | of them caught | events | reviewed or blocked | blocked | payouts | of them stopped |
        |---|---|---|---|---|---|---|---|

        """
      for fraud in RewardStream.frauds + [Self.honest] {
        let row = rows[fraud] ?? Row()
        let cells = [
          row.users.count, row.stoppedUsers.count, row.events, row.stopped, row.blocked, row.payouts,
          row.stoppedPayouts,
        ]
        text += "| \(fraud) | " + cells.map(String.init).joined(separator: " | ") + " |\n"
      }
      return text
    }
  }
}
