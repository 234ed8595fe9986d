import RuleSets
import TestSupport
import Testing
import Workbench

/// Reports of replays over nothing, and over events of one type, as they are made; where there is a browser, in it.
@Suite(.serialized) struct SmallReportTests {
  private static func replayed(_ lines: [String]) throws -> ReplayReport {
    let rules = try SampleRules.load()
    let folder = try TemporaryFolder()
    let path = try folder.write("events.ndjson", lines.map { $0 + "\n" }.joined())
    var recorder = ReportRecorder(rules: rules, worth: WorthRecorder(rules: rules))
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    try replay.run(path) { _ in }
    return recorder.report(replay.summary, .init(files: [path], program: "assay 0.0.0"))
  }

  /// Four players on one device, two of whom are blocked.
  private static let sessions = (0..<4).map {
    #"{"id":"e\#($0)","type":"account.created","time":"2026-01-05T10:0\#($0):00Z","user":{"id":"u\#($0)"},"#
      + #""device":{"id":"d"}}"#
  }

  /// Rules that look at other types could not fire: they are told apart from those that stayed silent.
  @Test func eventsOfOneTypeAlone() throws {
    let report = try Self.replayed(Self.sessions)
    #expect(report.rules.map(\.events) == [0, 4, 0])
    #expect(report.rules.map(\.hits) == [0, 2, 0])
    let page = ReportPage(report).html
    #expect(page.contains("2 rules never fired: no event was of a type that they look at"))
    #expect(page.contains("4 events on 2026-01-05 (UTC)"))
    #expect(page.contains("The rules blocked <b>2</b> and sent <b>0</b> to review: 50.0 % of all events."))
    #expect(!page.contains("id=\"overlap\""))
    let other = try Self.replayed(
      [#"{"id":"e","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u"}}"#])
    #expect(other.rules.map(\.events) == [1, 1, 1])
    #expect(ReportPage(other).html.contains("3 rules never fired</summary>"))
  }

  @Test(.enabled(if: BrowserPage.isInstalled, BrowserPage.absence))
  func onePageOfOneTypeComputes() throws {
    let report = try Self.replayed(Self.sessions)
    var page = BrowserPage()
    page.evaluate("Array.from(document.querySelectorAll(\"svg.chart\"), (chart) => chart.id)")
    page.set("review", "0")
    page.readFigures()
    page.evaluate("String(document.documentElement.innerText.includes(\"NaN\"))")
    let found = try page.run(ReportPage(report).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    let results = found.results.filter { $0 != .nothing }
    try #require(results.count == 3)
    #expect(results[0] == .list(["chart-outcomes", "chart-scores", "chart-days"]))
    #expect(results[2] == .text("false"))
    guard case .texts(let figures) = results[1] else {
      Issue.record("no figures: \(results[1])")
      return
    }
    let expected = FigureTexts(report, thresholds: Thresholds(review: 0, block: 80), currency: 0)
    for (name, text) in figures { #expect(text == expected[name], "\(name)") }
    #expect(figures.values.contains("100.0 %"))
  }

  @Test(.enabled(if: BrowserPage.isInstalled, BrowserPage.absence))
  func aPageOverNothingIsQuiet() throws {
    var page = BrowserPage()
    page.evaluate("String(document.querySelectorAll(\"svg.chart, input, button\").length)")
    page.evaluate("document.querySelector(\".summary\").textContent")
    page.evaluate("String(document.documentElement.scrollWidth <= innerWidth)")
    let found = try page.run(ReportPage(try Self.replayed([])).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    #expect(found.results == [.text("0"), .text("There was no event to decide."), .text("true")])
  }
}
