import Assay
import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing
import Workbench

/// What labels tell of a comparison against two replays with the same labels.
@Suite struct ComparisonTruthTests {
  private static func worth(_ rules: RuleSet, _ path: String, _ labels: String) throws -> WorthRecorder {
    var recorder = WorthRecorder(rules: rules, labels: try LabelFile.read(labels))
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    try replay.run(path) { _ in }
    return recorder
  }

  private static func id(_ line: String) throws -> String {
    try #require(try JSONValue(parsing: line)["id"]?.text)
  }

  /// Frauds as they are, and some events that are called honest, unknown, or two things at once.
  private static func labels(
    _ stream: RecordedStream, _ generator: inout SeededGenerator
  ) throws -> [String] {
    var lines = stream.labels
    for line in stream.lines {
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: lines.append(#"{"event":"\#(try id(line))","fraud":false}"#)
      case 1: lines.append(#"{"event":"\#(try id(line))","fraud":null}"#)
      case 2: lines.append(#"{"event":"\#(try id(line))","fraud":"ring"}"#)
      default: break
      }
    }
    return lines
  }

  @Test(arguments: [UInt64](41...46)) func bothSidesAreWhatReplaysFind(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stream = RecordedStream(small: seed)
    let folder = try TemporaryFolder()
    let path = try folder.write("events.ndjson", stream.lines.map { $0 + "\n" }.joined())
    let labels = try folder.write(
      "labels.ndjson", try Self.labels(stream, &generator).joined(separator: "\n"))
    let before = try RuleSet.fromFiles(EditedRules.original)
    var edited = EditedRules(&generator)
    while edited.load() == nil { edited = EditedRules(&generator) }
    let after = try #require(edited.load())
    let about: Comment = "seed \(seed), \(edited.edits.joined(separator: "; "))"

    var comparison = RuleSetComparison(
      before: before, after: after, samplesMax: 2, labels: try LabelFile.read(labels))
    comparison.run(path)
    let truth = try #require(comparison.summary.truth)
    let (old, new) = try (Self.worth(before, path, labels), Self.worth(after, path, labels))
    for level in CatchLevel.allCases {
      let found = truth.worth.confusions(level)
      #expect(found.before == old.tally.confusion(level), about)
      #expect(found.after == new.tally.confusion(level), about)
    }
    let counts = comparison.summary.changes.values
    #expect(counts.allSatisfy { $0.frauds + $0.honest <= $0.count }, about)
    // What one catches and the other does not is among the changes.
    let raised = [OutcomeChange(.allow, .review), OutcomeChange(.allow, .block)]
    let passed = [OutcomeChange(.review, .allow), OutcomeChange(.block, .allow)]
    func frauds(_ changes: [OutcomeChange]) -> Int {
      changes.reduce(0) { $0 + (comparison.summary.changes[$1]?.frauds ?? 0) }
    }
    let caught = truth.worth.confusions(.reviewed)
    #expect(
      caught.after.caught.events - caught.before.caught.events == frauds(raised) - frauds(passed), about)
    #expect(comparison.summary.samples.values.joined().allSatisfy { $0.truth != nil }, about)
  }

  @Test func sortedEventsAreComparedInTheOrderOfTime() throws {
    let rules = try SampleRules.load("orders")
    let labels = "Fixtures/commands/events/orders.labels.ndjson"
    var (sorted, ordered) = (
      RuleSetComparison(
        before: rules, after: rules, samplesMax: 0,
        labels: try LabelFile.read(SharedData.projectRoot.appending(path: labels).path)),
      RuleSetComparison(
        before: rules, after: rules, samplesMax: 0,
        labels: try LabelFile.read(SharedData.projectRoot.appending(path: labels).path))
    )
    let events = SharedData.projectRoot.appending(path: "Fixtures/commands/events")
    sorted.run(
      try SortedEvents([events.appending(path: "orders.shuffled.ndjson").path], rules: rules))
    ordered.run(events.appending(path: "sales.ndjson").path)
    #expect(sorted.summary.compared == ordered.summary.compared)
    #expect(sorted.summary.outcomesAfter == ordered.summary.outcomesAfter)
    #expect(sorted.summary.late == 0)
    let (one, other) = (
      sorted.summary.truth?.worth.confusions(.reviewed).after,
      ordered.summary.truth?.worth.confusions(.reviewed).after
    )
    #expect(one == other && one != nil)
  }
}
