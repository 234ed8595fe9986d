import Assay
import Testing
import Workbench

/// Decisions of a file that is not quite that of the events.
@Suite struct RecordedDecisionsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func decisions(_ events: [String]) throws -> RecordedDecisions {
    let lines = events.map {
      #"{"event":"\#($0)","outcome":"allow","score":0,"reasons":[],"shadow":[],"not_evaluated":[],"features":{},"#
        + #""ruleset":{"name":"small","version":"1"}}"#
    }
    return try RecordedDecisions(opening: folder.write("decisions", lines.joined(separator: "\n")))
  }

  private func found(_ decisions: RecordedDecisions, _ events: some Sequence<String>) throws -> Int {
    try events.reduce(0) { try $0 + (decisions.decision(for: $1)?.event == $1 ? 1 : 0) }
  }

  @Test func retriesTakeNoDecisionFromOthers() throws {
    let events = (0..<40_000).map { "e\($0)" }
    let decisions = try decisions(events)
    #expect(try found(decisions, events.flatMap { [$0, $0] }) == events.count)
    #expect(decisions.passedOverCount == 0)
  }

  @Test func decisionsWithoutEventsDoNotFillTheRoom() throws {
    let decisions = try decisions((0..<60_000).map { "e\($0)" })
    let asked = stride(from: 0, to: 60_000, by: 2).map { "e\($0)" }
    #expect(try found(decisions, asked) == asked.count)
  }

  /// The file begins long before the events: some are undecided until it is in step, and that is told.
  @Test func aFileThatBeginsEarlierIsCaughtUpWith() throws {
    let events = (0..<20_000).map { "e\($0)" }
    let decisions = try decisions((0..<50_000).map { "before\($0)" } + events)
    #expect(try found(decisions, events) > 18_000)
    #expect(decisions.passedOverCount >= 50_000)
  }
}
