import Assay
import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing
import Workbench

/// What the report says of a baseline is what `compare` says of the two rule sets.
@Suite struct BaselineTests {
  private struct Found {
    let changes: ReplayReport.DecisionChanges
    let summary: ComparisonSummary
  }

  private func compare(
    _ before: RuleSet, _ after: RuleSet, _ path: String, labels: Labels? = nil, sort: Bool = false
  ) throws -> Found {
    var recorder = ReportRecorder(
      rules: after, worth: WorthRecorder(rules: after, labels: labels),
      baseline: BaselineComparison(before, against: after, program: "assay 0.0.0"))
    var replay = Replay(rules: after)
    replay.beforehand = { recorder.decideByBaseline($0) }
    replay.look = { recorder.record($0, $1) }
    if sort {
      try replay.run(SortedEvents([path], rules: after)) { _ in }
    } else {
      try replay.run(path) { _ in }
    }
    let report = recorder.report(replay.summary, .init(files: [path], program: "assay 0.0.0"))
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: 5)
    comparison.run(path)
    return Found(changes: try #require(report.changes), summary: comparison.summary)
  }

  private func expectSame(_ found: Found, _ about: Comment) {
    let (changes, summary) = (found.changes, found.summary)
    for before in Outcome.allCases {
      for after in Outcome.allCases where before != after {
        let cell = changes.cells[Self.rank(before)][Self.rank(after)]
        let counted = summary.changes[OutcomeChange(before, after)]
        #expect(cell.count == counted?.count ?? 0, about)
        let amount = counted?.minorByCurrency.values.reduce(0, +) ?? 0
        #expect(cell.amounts.reduce(0, +) == Int128(amount), about)
      }
    }
    #expect(changes.cells.joined().reduce(0) { $0 + $1.count } == summary.compared, about)
    #expect(changes.rescored == summary.rescored, about)
    #expect(changes.refusedByOne == summary.refusedByOneCount, about)
    let parties = changes.parties.map { party in
      (party.name, Dictionary(uniqueKeysWithValues: party.changes.map { ($0.change, $0.count) }))
    }
    let expected = summary.parties.map { party, counted in (party.name, counted.mapValues(\.count)) }
    #expect(
      Dictionary(uniqueKeysWithValues: parties) == Dictionary(uniqueKeysWithValues: expected), about)
    let samples = OutcomeChange.gravestFirst.flatMap { summary.samples[$0] ?? [] }
    #expect(changes.samples.map(\.event) == samples.map(\.event), about)
    #expect(changes.samples.map(\.parties) == samples.map(\.parties), about)
  }

  private static func rank(_ outcome: Outcome) -> Int { Outcome.allCases.firstIndex(of: outcome) ?? 0 }

  @Test(arguments: [UInt64](21...28)) func itSaysWhatCompareSays(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stream = RecordedStream(small: seed)
    let folder = try TemporaryFolder()
    // Some come again, some are trials, and some are no events.
    var lines: [String] = []
    for line in stream.lines {
      lines.append(line)
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: lines.append(line)
      case 1: lines.append(#"{"dry_run":true,"# + line.dropFirst())
      case 2: lines.append("{}")
      default: break
      }
    }
    let path = try folder.write("events.ndjson", lines.joined(separator: "\n"))
    let before = try RuleSet.fromFiles(EditedRules.original)
    var edited = EditedRules(&generator)
    while edited.load() == nil { edited = EditedRules(&generator) }
    let found = try compare(before, try #require(edited.load()), path)
    #expect(found.summary.dryRuns > 0 && found.summary.repeated > 0, "seed \(seed)")
    expectSame(found, "seed \(seed), \(edited.edits.joined(separator: "; "))")
  }

  private func rules(_ rule: String, schema: String = "", types: String = "payout.requested, account.created")
    throws
    -> RuleSet
  {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: other\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [\(types)]
      fields:
        user.id: {type: string, required: true}
        device.id: {type: string}
        payout.amount_minor: {type: int}
      \(schema)
      """,
      "features.yaml": "features:\n  payouts_24h: {count: payout.requested, by: user.id, over: 24h}\n",
      "rules/a.yaml":
        "rules:\n  - {id: burst, title: Burst, family: velocity, on: payout.requested, \(rule)}\n",
    ])
  }

  private func line(_ id: String, _ time: String, _ more: String = "") -> String {
    #"{"id":"\#(id)","type":"payout.requested","time":"2026-01-05T\#(time)Z","user":{"id":"u"}\#(more)}"#
  }

  /// A rule without an answer decides by its floor alone: nobody fires, and the rule is responsible all the same.
  @Test func floorsAreContributions() throws {
    let when = "when: payout.amount_minor > 5, score: 80"
    let (before, after) = (try rules("\(when), on_missing: skip"), try rules("\(when), on_missing: review"))
    let folder = try TemporaryFolder()
    let path = try folder.write("events", line("a", "10:00:00"))
    let found = try compare(before, after, path)
    expectSame(found, "floors")
    #expect(found.changes.parties.map(\.name) == ["burst"])
    #expect(found.changes.samples.first?.parties.first?.after == "at least review")
  }

  /// Both are given the events in the same order, sorted or not.
  @Test func bothAreSorted() throws {
    let (before, after) = (
      try rules("when: payouts_24h > 1, score: 40"), try rules("when: payouts_24h > 2, score: 40")
    )
    let folder = try TemporaryFolder()
    let lines = ["13:00:00", "12:00:00", "11:00:00", "10:00:00"].map { line("e\($0)", $0) }
    let path = try folder.write("events", lines.joined(separator: "\n"))
    let sorted = try folder.write("sorted", lines.reversed().joined(separator: "\n"))
    let found = try compare(before, after, path, sort: true)
    let expected = try compare(before, after, sorted)
    #expect(found.changes.samples.map(\.event) == expected.changes.samples.map(\.event))
    #expect(found.changes.samples.map(\.event) == ["e11:00:00"])
    #expect(try compare(after, after, path, sort: true).changes.changed == 0)
  }

  @Test func refusalsOfOneAreCounted() throws {
    let before = try rules(
      "when: payouts_24h > 1, score: 40", schema: "  must: {type: string, required: true}")
    let after = try rules("when: payouts_24h > 1, score: 40")
    let folder = try TemporaryFolder()
    let lines = [line("a", "10:00:00"), line("b", "10:00:01", #","must":"x""#), "{}", line("c", "10:00:02")]
    let path = try folder.write("events", lines.joined(separator: "\n"))
    let there = try compare(before, after, path)
    expectSame(there, "before refuses")
    #expect(there.changes.refusedByOne == 2)
    let back = try compare(after, before, path)
    expectSame(back, "after refuses")
    #expect(back.changes.refusedByOne == 2)
  }

  @Test func labelsTellWhatTheChangeIsWorth() throws {
    let (before, after) = (
      try rules("when: payouts_24h > 3, score: 40"), try rules("when: payouts_24h > 1, score: 80")
    )
    let folder = try TemporaryFolder()
    let lines = (0..<5).map { line("e\($0)", "10:00:0\($0)", #","payout":{"amount_minor":\#($0)}"#) }
    let path = try folder.write("events", lines.joined(separator: "\n"))
    let labels = try folder.write("labels", "event,label\ne2,ring\ne3,ring\n")
    let found = try compare(before, after, path, labels: LabelFile.read(labels)).changes
    let caught = found.worth.filter { $0.name == "frauds caught" }
    #expect(caught.map(\.before) == ["1 of 2", "0 of 2"] || caught.map(\.before) == ["0 of 2", "1 of 2"])
    #expect(caught.map(\.after) == ["2 of 2", "2 of 2"])
    #expect(found.cells[0][2].frauds == 1)
    #expect(found.cells[1][2].frauds == 1)
  }
}
