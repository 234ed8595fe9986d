import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The page in a real browser.
@Suite(.enabled(if: BrowserPage.isInstalled, BrowserPage.absence), .serialized)
struct ReportPageTests {
  private func figures(_ value: BrowserPage.Value) throws -> [String: String] {
    guard case .texts(let texts) = value else {
      Issue.record("no figures: \(value)")
      return [:]
    }
    try #require(texts.count > 10)
    return texts
  }

  private func expectFigures(
    _ found: [String: String], _ report: ReplayReport, _ thresholds: Thresholds, currency: Int = 0
  ) {
    let expected = FigureTexts(report, thresholds: thresholds, currency: currency)
    for (name, text) in found {
      #expect(text == expected[name], "\(name) at \(thresholds.review) and \(thresholds.block)")
    }
  }

  @Test func thePageDrawsAndAsksForNothing() throws {
    var page = BrowserPage()
    page.evaluate("document.title")
    page.evaluate("Array.from(document.querySelectorAll(\"svg.chart\"), (chart) => chart.id)")
    page.evaluate(
      """
      Array.from(document.querySelectorAll("svg.chart"), (chart) => \
      chart.getBoundingClientRect().width > 300 && chart.querySelectorAll("rect, path").length > 0 ? "drawn" : chart.id)
      """)
    page.evaluate("String(document.documentElement.scrollWidth <= innerWidth)")
    let found = try page.run(ReportPage(SampleReport.drawn(seed: 1)).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    let charts = ["outcomes", "scores", "curves", "costs", "days"]
    #expect(
      found.results == [
        .text("sample: replay report"), .list(charts.map { "chart-\($0)" }),
        .list(charts.map { _ in "drawn" }), .text("true"),
      ])
  }

  /// Only boxes that say so scroll sideways, and every text stays readable.
  @Test(arguments: [320, 400, 768]) func aNarrowWindowDoesNotScrollSideways(width: Int) throws {
    var page = BrowserPage()
    page.resize(width: width)
    page.evaluate("document.querySelectorAll(\"details\").forEach((details) => { details.open = true })")
    page.evaluate("String(document.documentElement.scrollWidth <= innerWidth)")
    page.evaluate(
      """
      Array.from(document.querySelectorAll("main p, main h1, main h2, main dd, main label, svg.chart")) \
      .filter((one) => !one.closest(".scroll") && one.getBoundingClientRect().right > innerWidth + 1) \
      .map((one) => one.outerHTML.slice(0, 80))
      """)
    let found = try page.run(ReportPage(SampleReport.drawn(seed: 8)).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    #expect(found.results.filter { $0 != .nothing } == [.text("true"), .list([])])
  }

  /// Light on dark where the reader's system asks for it, dark on light on paper, each with enough contrast.
  @Test func darkAndPaperAreReadable() throws {
    let contrast = """
      (() => { const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map((part) => { \
      const share = part / 255; return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; }); \
      return 0.2126 * r + 0.7152 * g + 0.0722 * b; }; \
      const paper = light(getComputedStyle(document.body).backgroundColor); \
      const poor = Array.from(document.querySelectorAll("h1, h2, .remark, caption, td, th, dt")).filter((one) => { \
      const ink = light(getComputedStyle(one).color); \
      return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 4.5; }); \
      return [paper < 0.1 ? "dark" : "light", ...new Set(poor.map((one) => one.tagName))]; })()
      """
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "page.pdf")
    var page = BrowserPage()
    for media in ["light", "dark", "print"] {
      page.show(on: media)
      page.evaluate(contrast)
    }
    page.print(to: file.path)
    let found = try page.run(ReportPage(SampleReport.drawn(seed: 9)).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    #expect(found.results == [.list(["light"]), .list(["dark"]), .list(["light"])])
    let bytes = try Data(contentsOf: file)
    #expect(bytes.starts(with: Data("%PDF".utf8)))
    let pages = String(decoding: bytes, as: UTF8.self).matches(of: /\/Type\s*\/Page[^s]/).count
    #expect((3...30).contains(pages), "\(pages) pages")
  }

  /// What the page computes is what Swift computes, to the last digit.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func movingASliderGivesTheExactFigures(seed: UInt64) throws {
    let report = SampleReport.drawn(seed: seed)
    let moves = [(0, 0), (10, 70), (50, 90), (130, 130), (140, 140), (31, 32)]
    var page = BrowserPage()
    page.readFigures()
    for (review, block) in moves {
      // The one that may be in the other's way first.
      page.set("review", "0")
      page.set("block", "\(block)")
      page.set("review", "\(review)")
      page.readFigures()
    }
    page.set("currency", "1", event: "change")
    page.readFigures()
    let found = try page.run(ReportPage(report).html)
    #expect(found.console == [])
    let readings = found.results.filter { $0 != .nothing }
    try #require(readings.count == moves.count + 2)
    try expectFigures(figures(readings[0]), report, report.identity.thresholds)
    for (reading, move) in zip(readings.dropFirst(), moves) {
      try expectFigures(figures(reading), report, Thresholds(review: move.0, block: move.1))
    }
    let last = moves[moves.count - 1]
    try expectFigures(
      figures(readings[moves.count + 1]), report, Thresholds(review: last.0, block: last.1), currency: 1)
  }

  @Test func slidersWorkByKeyboardAndPushEachOther() throws {
    let report = SampleReport.drawn(seed: 4)
    var page = BrowserPage()
    page.evaluate("document.getElementById(\"review\").focus()")
    page.press("ArrowRight", code: 39)
    page.press("ArrowRight", code: 39)
    page.readFigures()
    page.press("End", code: 35)
    page.readFigures()
    page.evaluate("document.getElementById(\"reset\").click()")
    page.readFigures()
    let readings = try page.run(ReportPage(report).html).results.filter { $0 != .nothing }
    try #require(readings.count == 3)
    try expectFigures(figures(readings[0]), report, Thresholds(review: 42, block: 80))
    try expectFigures(figures(readings[1]), report, Thresholds(review: 140, block: 140))
    try expectFigures(figures(readings[2]), report, report.identity.thresholds)
  }

  @Test func costsAndReviewersCanBeChanged() throws {
    var report = SampleReport.drawn(seed: 5)
    var page = BrowserPage()
    page.set("cost-of-review", "3.25")
    page.set("loss-percent", "60")
    page.set("cost-of-block", "100")
    page.set("reviewers", "3")
    page.set("reviews-a-day", "50")
    page.readFigures()
    page.evaluate("document.getElementById(\"capacity-text\").textContent")
    page.evaluate("document.getElementById(\"cheapest\").click()")
    page.readFigures()
    let found = try page.run(ReportPage(report).html)
    #expect(found.console == [])
    let readings = found.results.filter { $0 != .nothing }
    try #require(readings.count == 3)
    report.costs = try CostInputs(parsing: "review=3.25,loss=60,block=100")
    report.capacity = ReplayReport.Capacity(reviewers: 3, reviewsPerDay: 50)
    try expectFigures(figures(readings[0]), report, report.identity.thresholds)
    let load = WorkLoad(report.days, thresholds: report.identity.thresholds)
    guard case .text(let sentence) = readings[1] else { throw Unreadable() }
    #expect(sentence.contains("\(load.daysAbove(150)) brought more than the 150 reviews"))
    #expect(
      sentence.contains(
        "at most \(FigureTexts(report, thresholds: report.identity.thresholds)["longest-queue"])"))
    try expectFigures(figures(readings[2]), report, cheapest(report))
  }

  private struct Unreadable: Error {}

  /// The pair of thresholds that costs least, found the slow way; of equals the highest block, then the highest review.
  private func cheapest(_ report: ReplayReport) -> Thresholds {
    var best = (thresholds: report.identity.thresholds, total: Double.infinity)
    for block in stride(from: 140, through: 0, by: -10) {
      for review in stride(from: block, through: 0, by: -10) {
        let thresholds = Thresholds(review: review, block: block)
        let total = report.costs.bill(Standing(report.profiles, thresholds: thresholds), digits: 2).total
        if total < best.total { best = (thresholds, total) }
      }
    }
    return best.thresholds
  }

  @Test func tablesSortByTheirHeadings() throws {
    let report = SampleReport.drawn(seed: 6)
    let read = """
      Array.from(document.querySelectorAll("#rule-table tbody code"), (code) => code.textContent)
      """
    var page = BrowserPage()
    page.evaluate("document.querySelectorAll(\"#rule-table thead button\")[0].click()")
    page.evaluate(read)
    page.evaluate("document.querySelectorAll(\"#rule-table thead button\")[2].click()")
    page.evaluate(read)
    page.evaluate("document.querySelectorAll(\"#rule-table thead th\")[2].getAttribute(\"aria-sort\")")
    let found = try page.run(ReportPage(report).html).results.filter { $0 != .nothing }
    try #require(found.count == 3)
    #expect(found[0] == .list(report.rules.map(\.id).sorted()))
    guard case .list(let byHits) = found[1] else { throw Unreadable() }
    let hits = Dictionary(uniqueKeysWithValues: report.rules.map { ($0.id, $0.hits) })
    #expect(byHits.compactMap { hits[$0] } == report.rules.map(\.hits).sorted(by: >))
    #expect(found[2] == .text("descending"))
  }

  /// Texts of authors and events are text, whatever is in them.
  @Test(arguments: HostileText.all) func hostileTextIsText(text: String) throws {
    var page = BrowserPage()
    page.evaluate("String(globalThis.broken)")
    page.evaluate("String(document.querySelectorAll(\"img, b i, iframe, form\").length)")
    page.evaluate("document.querySelector(\"h1\").textContent")
    page.readFigures()
    let report = SampleReport.hostile(text)
    let found = try page.run(ReportPage(report).html)
    #expect(found.console == [])
    #expect(found.requests == [])
    try #require(found.results.count == 4)
    #expect(found.results[0] == .text("undefined"))
    #expect(found.results[1] == .text("0"))
    if !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value > 0x2000 }) {
      #expect(found.results[2] == .text(text))
    }
    let expected = FigureTexts(report, thresholds: report.identity.thresholds)
    guard case .texts(let figures) = found.results[3] else { throw Unreadable() }
    #expect(figures["precision"] == expected["precision"])
  }
}
