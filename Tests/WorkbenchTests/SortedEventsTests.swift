import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

@Suite struct SortedEventsTests {
  private func event(_ id: String, minute: Int) -> String {
    #"{"id":"\#(id)","type":"payout.requested","time":"2026-01-05T10:\#(minute):00Z","user":{"id":"u1"}}"#
  }

  private func decide(_ events: SortedEvents) throws -> (decisions: [String], summary: ReplaySummary) {
    var replay = Replay(rules: try SampleRules.load())
    var decisions: [String] = []
    try replay.run(events) { decisions.append("\($0.event) \($0.score)") }
    return (decisions, replay.summary)
  }

  @Test func eventsAreDecidedInTheOrderOfTheirTimes() throws {
    let folder = try TemporaryFolder()
    let files = try [
      folder.write(
        "b",
        [event("e5", minute: 50), event("e1", minute: 10), "{", event("e4", minute: 40)].joined(
          separator: "\n")),
      folder.write(
        "a",
        [event("e2", minute: 20), event("e4", minute: 40), event("e3", minute: 30)].joined(separator: "\n")),
    ]
    let (decisions, summary) = try decide(SortedEvents(files, rules: SampleRules.load()))
    #expect(decisions == ["e1 0", "e2 0", "e3 0", "e4 40", "e4 40", "e5 40"])
    #expect((summary.lines, summary.events, summary.repeated) == (7, 6, 1))
    // A line that is no event is told with its place, behind the line before it.
    #expect(summary.badLines.map(\.place.number) == [3])
    #expect(summary.badLines.first?.place.file == files[0])
  }

  @Test func linesThatDoNotFitAreSaid() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("many", (10..<60).map { event("e\($0)", minute: $0) }.joined(separator: "\n"))
    let rules = try SampleRules.load()
    #expect(throws: SortedEvents.TooMany.self) { _ = try SortedEvents([path], rules: rules, bytesMax: 2_000) }
    // Short lines take more beside them than they have bytes themselves.
    let short = try folder.write("short", String(repeating: "{}\n", count: 1_000))
    #expect(throws: SortedEvents.TooMany.self) {
      _ = try SortedEvents([short], rules: rules, bytesMax: 90_000)
    }
    _ = try SortedEvents([short], rules: rules, bytesMax: 140_000)
    let (_, summary) = try decide(SortedEvents(["/nowhere", path], rules: rules))
    #expect(summary.inputErrors.map(\.code) == [.cannotOpen])
    #expect(summary.events == 50)
  }
}
