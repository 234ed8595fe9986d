import Assay
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// From events to the report: what is counted, against counts of another kind.
@Suite struct ReportRecorderTests {
  private static let rewards = SharedData.projectRoot.appending(path: "Fixtures/rewards").path
  private static let events = rewards + "/events.ndjson.gz"

  private func report(
    _ rules: RuleSet, _ files: [String], labels: Labels? = nil, baseline: BaselineRecord? = nil,
    sink: (borrowing Decision) -> Void = { _ in }
  ) throws -> ReplayReport {
    var recorder = ReportRecorder(
      rules: rules, worth: WorthRecorder(rules: rules, labels: labels), baseline: baseline)
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    for file in files { try replay.run(file) { decision throws(OutputError) in sink(decision) } }
    return recorder.report(replay.summary, .init(files: files, program: "assay 0.0.0"))
  }

  private func rewardsRules() throws -> RuleSet {
    try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
  }

  /// Lines of the label file, read by another parser.
  private func fraudIDs() throws -> Set<String> {
    struct Line: Decodable { let event: String }
    let lines = try String(contentsOfFile: Self.rewards + "/labels.ndjson", encoding: .utf8).split(
      separator: "\n")
    return try Set(lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).event })
  }

  @Test func theRewardsStreamIsCountedAsByHand() throws {
    let frauds = try fraudIDs()
    var (outcomes, caught, wrong) = ([Outcome: Int](), 0, 0)
    let rules = try rewardsRules()
    let report = try report(rules, [Self.events], labels: LabelFile.read(Self.rewards + "/labels.ndjson")) {
      guard !$0.repeated else { return }
      outcomes[$0.outcome, default: 0] += 1
      guard $0.outcome != .allow else { return }
      if frauds.contains($0.event) { caught += 1 } else { wrong += 1 }
    }
    let standing = Standing(report.profiles, thresholds: rules.thresholds)
    for outcome in Outcome.allCases { #expect(standing.count(outcome) == outcomes[outcome]) }
    #expect((standing.caught, standing.falseAlerts, standing.frauds) == (caught, wrong, frauds.count))
    let load = WorkLoad(report.days, thresholds: rules.thresholds)
    #expect(load.reviews.reduce(0, +) == outcomes[.review])
    #expect(load.blocks.reduce(0, +) == outcomes[.block])
    #expect(report.days.days.count == 26)
    #expect(report.currencies.map(\.code).contains("EUR"))
    #expect(report.labels?.kinds.reduce(0) { $0 + $1.events } == frauds.count)
    for rule in report.rules { #expect(rule.hitsByDay.reduce(0, +) == rule.hits) }
    #expect(report.health.types.reduce(0) { $0 + $1.events } == standing.events)
  }

  /// Other thresholds in the page give what a replay under them gives: no window of these rules counts accepted events.
  @Test(arguments: [(20, 60), (60, 100), (40, 41)])
  func otherThresholdsAreWhatAReplayWouldGive(review: Int, block: Int) throws {
    let report = try report(rewardsRules(), [Self.events])
    let files = try FileManager.default.subpathsOfDirectory(
      atPath: SharedData.projectRoot.appending(path: "Rules/rewards").path)
    var texts: [String: String] = [:]
    for file in files where file.contains(".") && !file.hasPrefix("tests") {
      let path = SharedData.projectRoot.appending(path: "Rules/rewards/\(file)").path
      texts[file] = try String(contentsOfFile: path, encoding: .utf8)
        .replacing(
          "decision: {review: 40, block: 80}", with: "decision: {review: \(review), block: \(block)}")
    }
    let rules = try RuleSet.fromFiles(texts)
    try #require(rules.thresholds == Thresholds(review: review, block: block))
    let replayed = try self.report(rules, [Self.events])
    let moved = FigureTexts(report, thresholds: rules.thresholds)
    let own = FigureTexts(replayed, thresholds: rules.thresholds)
    for name in own.names { #expect(moved[name] == own[name], "\(name)") }
  }

  private func rules(payouts: Int, decides: String) throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: other\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [payout.requested, account.created]
      fields:
        user.id: {type: string, required: true}
        device.id: {type: string}
        payout.amount_minor: {type: int}
      """,
      "features.yaml": "features:\n  payouts_24h: {count: payout.requested, by: user.id, over: 24h}\n",
      "rules/a.yaml": """
      rules:
        - {id: burst, title: Burst, family: velocity, on: payout.requested, when: payouts_24h > \(payouts), \(decides)}
      """,
    ])
  }

  @Test func aBaselineShowsWhatChanged() throws {
    let (before, after) = (
      try rules(payouts: 2, decides: "score: 40"), try rules(payouts: 1, decides: "score: 80")
    )
    var record = BaselineRecord(ReplayReport.Identity(before, program: "assay 0.0.0"))
    var outcomes: [String: Outcome] = [:]
    var replay = Replay(rules: before)
    try replay.run(SampleRules.events) { decision throws(OutputError) in
      record.record(decision)
      if !decision.repeated { outcomes[decision.event] = decision.outcome }
    }
    var changed: [String] = []
    let report = try report(after, [SampleRules.events], baseline: record) {
      if !$0.repeated, outcomes[$0.event] != $0.outcome { changed.append($0.event) }
    }
    let changes = try #require(report.changes)
    try #require(!changed.isEmpty)
    #expect(changes.changed == changed.count)
    #expect(Set(changes.samples.map(\.event)) == Set(changed))
    #expect(changes.cells[1][2].count > 0)
    #expect(changes.responsible.map(\.rule) == ["burst"])
    #expect(changes.refusedByOne == 0)
    let same = try self.report(before, [SampleRules.events], baseline: record)
    #expect(same.changes?.changed == 0)
  }

  /// Events centuries apart do not make a page of empty days.
  @Test func daysFarFromTheOthersAreCountedApart() throws {
    let folder = try TemporaryFolder()
    let lines = ["0001-01-01", "2026-01-01", "2026-01-03", "9999-12-31"].enumerated().map { number, day in
      #"{"id":"e\#(number)","type":"payout.requested","time":"\#(day)T00:00:00Z","user":{"id":"u"}}"#
    }
    let file = try folder.write("events", lines.joined(separator: "\n"))
    let report = try report(SampleRules.load(), [file])
    #expect(report.days.days == [20_454, 20_455, 20_456])
    #expect(report.days.eventsLeftOut == 2)
    #expect(ReportPage(report).html.contains("2 events are dated too far from the"))
  }

  @Test func missingFieldsNameTheirReaders() throws {
    let report = try report(rewardsRules(), [Self.events])
    let model = try #require(
      report.health.missing.first { $0.field == "device.model" && $0.type == "reward.granted" })
    #expect(model.missing == model.events)
    #expect(model.readers == ["emulator-model"])
    #expect(!report.health.missing.contains { $0.field == "user.id" })
  }
}
