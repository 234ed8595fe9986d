import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

/// The sweep of one replay, against a replay of the edited rules for each value.
@Suite struct TuneSweepTests {
  private static let seeds: [UInt64] = [11, 20_261_124, .random(in: 0...999_999)]

  /// Conditions in which the comparison stands in every kind of place.
  private static let conditions = [
    "count_1h > 3",
    "count_1h >= 3 && a > 2",
    "!(count_1h < 4) || b == 1",
    "3 < count_1h ? a > 4 : b > 4",
    "(a > 6 || count_1h <= 2) == (b > 3)",
    "level > 0.5 && a > 1",
    "level <= -0.25 || a == 0",
    "size(tags) >= 2 && tags.exists(t, t == 'x' && since < duration('40m'))",
    "since < duration('90m')",
    "a + b > 9.5",
    "level > 0.9 || a / b > 2",
  ]

  private static func files(_ condition: String, action: String) -> [String: String] {
    let quoted = condition.replacing("\"", with: "\\\"")
    return [
      "ruleset.yaml": "ruleset: tune\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: {field: ts, as: unix_ms}}
      types: [payment, login]
      fields:
        user: {type: string, required: true}
        a: {type: int, required: true}
        b: {type: int, required: true}
        level: {type: double}
        tags: {type: list, of: string}
        total: {type: money, minor: total_minor, currency: currency}

      """,
      "features.yaml": """
      features:
        count_1h: {count: payment, by: user, over: 1h, export: true}
        since: {since_last: payment, by: user, over: 24h, export: true}

      """,
      "rules/all.yaml": """
      rules:
        - {id: tuned, title: T, family: velocity, on: payment, when: "\(quoted)", \(action)}
        - {id: thirty, title: T, family: velocity, on: any, when: b > 6, score: 30}
        - {id: excuse, title: T, family: velocity, on: any, when: a == 9, decide: allow}
        - {id: stop, title: T, family: velocity, on: any, when: a == 8 && b > 7, decide: block}

      """,
    ]
  }

  private struct Stream {
    let lines: [String]
    let labels: [String]

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &generator) }
      var (lines, labels): ([String], [String]) = ([], [])
      for index in 0..<300 {
        let fraud = roll(4)
        var members = [
          "\"id\":\"e\(index)\"", "\"type\":\"\(roll(5) == 0 ? "login" : "payment")\"",
          "\"ts\":\(1_000_000_000_000 + index * 300_000 + roll(200_000))", "\"user\":\"u\(roll(8))\"",
          "\"a\":\(roll(10))", "\"b\":\(roll(10))",
        ]
        if roll(4) > 0 { members.append("\"level\":\(Double(roll(80)) / 40 - 1)") }
        if roll(4) > 0 {
          members.append("\"tags\":[\(["\"x\"", "\"x\",\"y\"", "", "\"z\",\"y\",\"x\""][roll(4)])]")
        }
        if roll(2) > 0 {
          members.append("\"total_minor\":\(roll(5_000)),\"currency\":\"\(["EUR", "USD"][roll(2)])\"")
        }
        lines.append("{" + members.joined(separator: ",") + "}")
        if fraud == 0 { labels.append("{\"event\":\"e\(index)\",\"fraud\":\"ring\"}") }
        if fraud == 1 { labels.append("{\"event\":\"e\(index)\",\"fraud\":false}") }
      }
      (self.lines, self.labels) = (lines, labels)
    }
  }

  private static let actions = [
    "score: 20", "score: 50, on_missing: review", "decide: block", "decide: allow",
  ]

  @Test(arguments: seeds) func everyRowIsWhatTheEditedRulesCameTo(seed: UInt64) throws {
    let stream = Stream(seed: seed)
    let folder = try TemporaryFolder()
    let events = try folder.write("events.ndjson", stream.lines.joined(separator: "\n"))
    let labels = try folder.write("labels.ndjson", stream.labels.joined(separator: "\n"))
    var changing = 0
    for (index, condition) in Self.conditions.enumerated() {
      let action = Self.actions[(index + Int(seed % 4)) % Self.actions.count]
      let rules = try RuleSet.fromFiles(Self.files(condition, action: action))
      // The comparison under test is the one with the feature, which stands first unless it says otherwise.
      let target = try TuneTarget(rule: "tuned", condition: Self.number(of: condition), in: rules)
      var recorder = TuneRecorder(target, rules: rules, labels: try LabelFile.read(labels))
      var replay = Replay(rules: rules)
      replay.look = { recorder.record($0, $1) }
      try replay.run(events) { _ in }
      let sweep = recorder.sweep()
      let remark: Comment = "seed \(seed), `\(condition)`, \(action)"
      #expect(sweep.rows.count { $0.isCurrent } == 1 && sweep.rows[sweep.current].isCurrent, remark)
      // Of many values one in so many: each means a replay.
      let step = max(1, sweep.rows.count / 8)
      for (index, row) in sweep.rows.enumerated() where index % step == 0 || row.isCurrent {
        let edited = target.condition(with: row.text)
        let other = try Self.replay(edited, action, events, labels, remark)
        try Self.expect(row, other, sweep, "seed \(seed), `\(edited)`, \(action)")
        if !row.changes.isEmpty { changing += 1 }
      }
    }
    #expect(changing > 20, "seed \(seed)")
  }

  private static func number(of condition: String) -> Int? {
    if condition.hasPrefix("(a > 6") { return 2 }
    if condition.hasPrefix("size") { return 2 }
    return ["count_1h > 3", "since < duration('90m')", "a + b > 9.5"].contains(condition) ? nil : 1
  }

  private static func replay(
    _ condition: String, _ action: String, _ events: String, _ labels: String, _ remark: Comment
  ) throws -> (worth: WorthRecorder, reviewsByDay: [Int64: Int]) {
    let rules = try RuleSet.fromFiles(files(condition, action: action))
    var recorder = WorthRecorder(rules: rules, labels: try LabelFile.read(labels))
    var replay = Replay(rules: rules)
    var reviewsByDay: [Int64: Int] = [:]
    replay.look = { event, decision in
      recorder.record(event, decision)
      reviewsByDay[event.time / 86_400_000, default: 0] += decision.outcome == .review ? 1 : 0
    }
    try replay.run(events) { _ in }
    return (recorder, reviewsByDay)
  }

  private static func expect(
    _ row: TuneRow, _ other: (worth: WorthRecorder, reviewsByDay: [Int64: Int]), _ sweep: TuneSweep,
    _ remark: Comment
  ) throws {
    let (other, reviewsByDay) = other
    for level in CatchLevel.allCases {
      #expect(plain(row.raised[level]) == plain(other.tally.confusion(level)), remark)
    }
    #expect(plain(row.fired) == plain(other.tally.ruleWorths[0].fired), remark)
    #expect(row.reviews == reviewsByDay.values.reduce(0, +), remark)
    #expect(row.reviewsOfBusiestDay == reviewsByDay.values.max(), remark)
    #expect(sweep.days == reviewsByDay.count, remark)
    // What changed must explain the difference in blocks.
    let blocks = row.changes.reduce(0) { sum, change in
      let sign = change.key.after == .block ? 1 : change.key.before == .block ? -1 : 0
      return sum + sign * change.value.events
    }
    let now = try #require(sweep.rows[sweep.current].raised[.blocked]).raised.events
    #expect(now + blocks == other.tally.confusion(.blocked).raised.events, remark)
  }

  /// Events and amounts without trailing currencies that have none.
  private static func plain(_ confusion: Confusion?) -> [[Int128]] {
    [confusion?.raised, confusion?.passed].flatMap { stakes in
      Label.Truth.allCases.map { truth in
        let stake = stakes?[truth] ?? Stake()
        return [Int128(stake.events), stake.amount(0), stake.amount(1)]
      }
    }
  }

  private func sweep(_ condition: String, action: String = "score: 50") throws -> TuneReport {
    let stream = Stream(seed: 3)
    let folder = try TemporaryFolder()
    let events = try folder.write("events.ndjson", stream.lines.joined(separator: "\n"))
    let rules = try RuleSet.fromFiles(Self.files(condition, action: action))
    let labels = try LabelFile.read(folder.write("labels.ndjson", stream.labels.joined(separator: "\n")))
    var recorder = TuneRecorder(try TuneTarget(rule: "tuned", in: rules), rules: rules, labels: labels)
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    try replay.run(events) { _ in }
    return TuneReport(sweeping: &recorder, goal: TuneGoal())
  }

  @Test func theProposalCatchesMostOfThoseThatKeepTheGoal() throws {
    let sweep = try sweep("count_1h > 3").sweep
    func caught(_ index: Int) -> Int { sweep.rows[index].reviewed.caught.events }
    let most = sweep.rows.map(\.reviewed.caught.events).max()
    #expect(sweep.proposal(TuneGoal(precision: 0)).map(caught) == most)
    #expect(sweep.proposal(TuneGoal(precision: 1)) == nil)
    let few = try #require(sweep.proposal(TuneGoal(reviewsPerDayMax: 40)))
    #expect(Double(sweep.rows[few].reviews) <= 40 * Double(sweep.days))
    let present = try #require(sweep.rows[sweep.current].reviewed.precision.value)
    for (index, row) in sweep.rows.enumerated()
    where Double(row.reviews) <= 40 * Double(sweep.days) && row.reviewed.precision.value ?? 0 >= present
      && !row.changes.keys.contains(where: { $0.after == .block })
    {
      #expect(caught(index) <= caught(few))
    }
    let asNow = try #require(sweep.proposal(TuneGoal()))
    #expect(caught(asNow) >= caught(sweep.current))
  }

  /// Blocks cost no review: a limit of reviews alone must not be kept by blocking everybody.
  @Test(arguments: ["score: 50", "score: 90", "decide: block"])
  func aLimitOfReviewsKeepsThePrecisionToo(action: String) throws {
    let sweep = try sweep("count_1h > 3", action: action).sweep
    let now = sweep.rows[sweep.current]
    let least = try #require(now.reviewed.precision.value)
    var proposals = 0
    for limit in [5.0, 20, 40, 1_000] {
      guard let index = sweep.proposal(TuneGoal(reviewsPerDayMax: limit)) else { continue }
      proposals += 1
      let row = sweep.rows[index]
      #expect(row.reviewed.precision.value ?? 0 >= least, "\(limit)")
      let changesBlocks = row.changes.keys.contains { $0.before == .block || $0.after == .block }
      guard changesBlocks, let precision = row.blocked.precision.value else { continue }
      #expect(precision >= now.blocked.precision.value ?? least, "\(limit)")
    }
    #expect(proposals > 0)
  }

  @Test func manyValuesAreTakenEvenly() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<1_000).map {
      #"{"id":"e\#($0)","type":"payment","ts":\#($0),"user":"u","a":\#($0 * 7 % 1_000),"b":1}"#
    }
    let events = try folder.write("events.ndjson", lines.joined(separator: "\n"))
    let rules = try RuleSet.fromFiles(Self.files("a > 500", action: "score: 50"))
    let labels = try LabelFile.read(folder.write("labels.csv", "event,label\ne1,ring\n"))
    var recorder = TuneRecorder(try TuneTarget(rule: "tuned", in: rules), rules: rules, labels: labels)
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    try replay.run(events) { _ in }
    let sweep = recorder.sweep()
    #expect(sweep.valueCount == 1_001)
    #expect((TuneSweep.rowsMax / 2...TuneSweep.rowsMax + 1).contains(sweep.rows.count))
    #expect(sweep.rows.first?.text == "-1" && sweep.rows.last?.text == "999")
    for row in sweep.rows {
      let threshold = try #require(Int(row.text))
      #expect(row.fired.raised.events == 999 - threshold)
    }
  }

  @Test(
    arguments: [
      ("nothing", "a > 3", nil, nil, "there is no rule `nothing`, live or shadow"),
      ("tuned", "b == 4", nil, nil, "the rule `tuned` compares nothing with a number: `b == 4`"),
      (
        "tuned", "a > 3 && b > 4", nil, nil,
        "the rule `tuned` has 2 comparisons that can be tuned: 1: a > 3, 2: b > 4"
      ),
      ("tuned", "a > 3 && b > 4", 3, nil, "the rule `tuned` has no comparison 3"),
      ("tuned", "a > 3 && b > 4", nil, "level", "the rule `tuned` does not compare `level` with a number"),
      (
        "tuned", "a > 3 && a < 7", nil, "a",
        "the rule `tuned` has 2 comparisons that can be tuned: 1: a > 3, 2: a < 7"
      ),
    ] as [(String, String, Int?, String?, String)])
  func whatCannotBeTunedIsSaid(
    _ rule: String, _ source: String, _ number: Int?, _ feature: String?, _ message: String
  )
    throws
  {
    let rules = try RuleSet.fromFiles(Self.files(source, action: "score: 50"))
    let error = #expect(throws: TuneError.self) {
      _ = try TuneTarget(rule: rule, condition: number, feature: feature, in: rules)
    }
    #expect(error?.message == message)
  }

  @Test func aComparisonIsChosenByNumberOrByWhatItCompares() throws {
    let rules = try RuleSet.fromFiles(
      Self.files("a > 3 && 4 < b && tags.exists(t, size(t) > 2)", action: "score: 1"))
    #expect(try TuneTarget(rule: "tuned", condition: 2, in: rules).text == "b > 4")
    #expect(try TuneTarget(rule: "tuned", feature: "a", in: rules).text == "a > 3")
    let second = try TuneTarget(rule: "tuned", feature: "b", in: rules)
    #expect(second.condition(with: "9") == "a > 3 && 9 < b && tags.exists(t, size(t) > 2)")
    #expect(throws: TuneError.self) { try TuneTarget(rule: "tuned", condition: 3, in: rules) }
  }
}
