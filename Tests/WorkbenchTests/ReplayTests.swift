import Assay
import Foundation
import RuleSets
import Testing
import Workbench

@Suite struct ReplayTests {
  private func run(_ paths: [String], sink: (borrowing Decision) throws(OutputError) -> Void = { _ in })
    throws
    -> ReplaySummary
  {
    var replay = Replay(rules: try SampleRules.load())
    for path in paths { try replay.run(path, sink: sink) }
    return replay.summary
  }

  @Test func theSummaryCountsWhatWasDecided() throws {
    var outcomes: [Outcome] = []
    let summary = try run([SampleRules.events]) { outcomes.append($0.outcome) }
    #expect(outcomes == [.allow, .allow, .allow, .review, .review, .allow, .block, .allow, .allow])
    #expect(summary.lines == 9)
    #expect(summary.events == 9)
    #expect((summary.allowed, summary.reviewed, summary.blocked) == (6, 2, 1))
    #expect(summary.ruleHits == ["payout-burst": 2, "crowded-device": 1])
    #expect(summary.shadowHits == ["big-payout": 1])
    #expect(summary.repeated == 1)
    #expect(summary.notEvaluated.values.reduce(0, +) == 2)
    #expect(summary.isComplete)
  }

  @Test func windowsReachOverFiles() throws {
    let folder = try TemporaryFolder()
    let lines = try String(contentsOfFile: SampleRules.events, encoding: .utf8).split(separator: "\n")
    let files = try lines.enumerated().map { try folder.write("\($0.offset)", String($0.element)) }
    #expect(try run(files) == run([SampleRules.events]))
  }

  @Test func badLinesDoNotEndTheRun() throws {
    let folder = try TemporaryFolder()
    let good = try String(contentsOfFile: SampleRules.events, encoding: .utf8)
    let bad = String(repeating: "{\"id\":\n", count: 30)
    let summary = try run([folder.write("events", bad + good)])
    #expect(summary.events == 9)
    #expect(summary.badLineCount == 30)
    #expect(summary.refused == ["not-json": 30])
    #expect(summary.badLines.map(\.place.number) == Array(1...ReplaySummary.badLinesKeptMax))
    #expect(summary.text(elapsed: nil).contains("and 10 more bad lines\n"))
    #expect(!summary.isComplete)
  }

  private func event(_ id: Int, user: String) -> String {
    #"{"id":"e\#(id)","type":"account.created","time":"2026-01-05T10:00:00Z","user":{"id":"\#(user)"}}"#
      + "\n"
  }

  /// The line that claimed an id is known for at least the last 65,536 ids, and then forgotten: memory is bounded.
  @Test func aConflictNamesTheLineThatClaimedTheID() throws {
    let folder = try TemporaryFolder()
    let many = (0..<140_000).map { event($0, user: "u") }.joined()
    let conflicts = event(0, user: "v") + event(75_000, user: "v") + event(139_999, user: "v")
    let summary = try run([folder.write("many", many), folder.write("conflicts", conflicts)])
    #expect(summary.refused == ["conflict": 3])
    #expect(summary.badLines.map { $0.first?.number } == [nil, 75_001, 140_000])
    #expect(summary.badLines.last?.first?.file.hasSuffix("/many") == true)
  }

  @Test func ruleHitsAreShownByFrequencyAndThenByName() throws {
    let text = try run([SampleRules.events]).text(elapsed: nil)
    #expect(text.contains("rule hits      payout-burst   2\n               crowded-device 1\n"))
  }

  @Test func aFileThatEndsTooEarlyIsDecidedAsFarAsItGoes() throws {
    let folder = try TemporaryFolder()
    let plain = Array(try String(contentsOfFile: SampleRules.events, encoding: .utf8).utf8)
    let path = try folder.write("events.gz", Array(StoredGzip.member(plain).dropLast(100)))
    let summary = try run([path, SampleRules.events])
    #expect(summary.inputErrors.map(\.code) == [.truncated])
    #expect(summary.events > 9)
    #expect(!summary.isComplete)
  }

  @Test func aSinkThatFailsEndsTheRun() throws {
    var count = 0
    #expect(throws: OutputError.self) {
      _ = try run([SampleRules.events]) { _ throws(OutputError) in
        count += 1
        try BufferedOutputFailure.fail()
      }
    }
    #expect(count == 1)
  }

  @Test func progressIsToldAsItGoes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("events", String(repeating: "{}\n", count: 10_000))
    var replay = Replay(rules: try SampleRules.load())
    var seen: [Int] = []
    try replay.run(
      path,
      progress: { progress in
        seen.append(progress.lines)
        #expect(progress.bytes == 30_000)
      }, sink: { _ in })
    #expect(seen == [4_096, 8_192])
  }
}

/// An output that takes nothing.
enum BufferedOutputFailure {
  static func fail() throws(OutputError) {
    var output = try BufferedOutput(creating: "/dev/full")
    try output.write { $0.append(0) }
    try output.flush()
  }
}
