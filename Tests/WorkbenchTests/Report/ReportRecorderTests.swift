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
    _ rules: RuleSet, _ files: [String], labels: Labels? = nil, baseline: RuleSet? = nil,
    sink: (borrowing Decision) -> Void = { _ in }
  ) throws -> ReplayReport {
    var recorder = ReportRecorder(
      rules: rules, worth: WorthRecorder(rules: rules, labels: labels),
      baseline: baseline.map { BaselineComparison($0, against: rules, program: "assay 0.0.0") })
    var replay = Replay(rules: rules)
    replay.beforehand = { recorder.decideByBaseline($0) }
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
    #expect(report.days.days.count == 15)
    #expect(report.currencies.map(\.code).contains("EUR"))
    #expect(report.labels?.kinds.reduce(0) { $0 + $1.events } == frauds.count)
    for rule in report.rules { #expect(rule.hitsByDay.reduce(0, +) == rule.hits) }
    #expect(report.health.types.reduce(0) { $0 + $1.events } == standing.events)
  }

  /// The rules that ship under other thresholds, and without windows of what was accepted: those differ by thresholds.
  private func rewardsRules(_ thresholds: Thresholds) throws -> RuleSet {
    let folder = SharedData.projectRoot.appending(path: "Rules/rewards").path
    var texts: [String: String] = [:]
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      guard file.contains("."), !file.hasPrefix("tests"), !file.hasSuffix(".md") else { continue }
      texts[file] = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        .replacing(
          /decision: \{review: [0-9]+, block: [0-9]+\}/,
          with: "decision: {review: \(thresholds.review), block: \(thresholds.block)}"
        )
        .replacing(", counting: accepted", with: "").replacing("    counting: accepted\n", with: "")
    }
    return try RuleSet.fromFiles(texts)
  }

  /// Other thresholds in the page give what a replay under them gives.
  @Test(arguments: [(20, 60), (60, 100), (40, 41)])
  func otherThresholdsAreWhatAReplayWouldGive(review: Int, block: Int) throws {
    let report = try report(rewardsRules(rewardsRules().thresholds), [Self.events])
    let rules = try rewardsRules(Thresholds(review: review, block: block))
    try #require(rules.thresholds == Thresholds(review: review, block: block))
    let replayed = try self.report(rules, [Self.events])
    let moved = FigureTexts(report, thresholds: rules.thresholds)
    let own = FigureTexts(replayed, thresholds: rules.thresholds)
    for name in own.names { #expect(moved[name] == own[name], "\(name)") }
  }

  /// Days and hits of rules by day, against plain loops over all decisions.
  @Test(arguments: [7, 20_261_123, .random(in: 0...999_999)] as [UInt64])
  func hitsOfRulesAreCountedByDay(seed: UInt64) throws {
    let stream = try WorthStream(seed: seed, count: 1_500, saysHonest: true)
    let folder = try TemporaryFolder()
    let file = try folder.write("events", stream.lines.joined(separator: "\n"))
    let report = try report(RuleSet.fromFiles(WorthStream.rules), [file])
    let days = try #require(stream.recorder.days)
    #expect(days == (stream.entries.map(\.day).min() ?? 0)...(stream.entries.map(\.day).max() ?? 0))
    #expect(report.days.days == Array(days), "seed \(seed)")
    for (rule, row) in zip(WorthStream.ruleIDs, report.rules) {
      for (day, hits) in zip(report.days.days, row.hitsByDay) {
        let expected = stream.entries.count { entry in
          entry.day == day && entry.decision.hasFired(rule)
        }
        #expect(hits == expected, "seed \(seed), day \(day), rule \(rule)")
      }
    }
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

  @Test func trialsCountNowhere() throws {
    let folder = try TemporaryFolder()
    let line = { (id: String, more: String) in
      #"{"id":"\#(id)","type":"payout.requested","time":"2026-01-01T00:00:00Z","user":{"id":"u"}\#(more)}"#
    }
    let trial = #","dry_run":true"#
    let file = try folder.write(
      "events", [line("a", ""), line("b", trial), line("a", trial)].joined(separator: "\n"))
    let report = try report(SampleRules.load(), [file])
    #expect(report.health.dryRuns == 2)
    #expect(report.health.types.reduce(0) { $0 + $1.events } == 1)
    #expect(report.health.missing.allSatisfy { $0.events == 1 && $0.missing == 1 })
    #expect(Standing(report.profiles, thresholds: report.identity.thresholds).events == 1)
    #expect(ReportPage(report).html.contains("<b>2 events are</b> a dry run"))
    let alone = try folder.write("alone", line("c", trial))
    let page = try ReportPage(self.report(SampleRules.load(), [alone])).html
    #expect(page.contains("There was no event to decide: all of them are dry runs."))
  }
}
