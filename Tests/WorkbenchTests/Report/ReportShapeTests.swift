import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// Pages about little, much and odd data, as text: what must be there, and what must not.
@Suite struct ReportShapeTests {
  private func html(_ report: ReplayReport) -> String { ReportPage(report).html }

  @Test func noEventsIsAPage() {
    let page = html(SampleReport.empty)
    #expect(page.contains("There was no event to decide."))
    #expect(page.contains("<h2 id=\"identity-title\">"))
    #expect(!page.contains("<svg class=\"chart\""))
    #expect(!page.contains("type=\"range\""))
    #expect(!page.contains("Moving a threshold"))
    #expect(page.contains("There was no line to look at."))
    #expect(!page.contains("class=\"good\""))
  }

  @Test func rulesThatNeverFireTogetherNeedNoMatrix() {
    var report = SampleReport.drawn(seed: 5)
    report.overlap.rules = [0, 1]
    report.overlap.counts = [[4, 0], [0, 3]]
    #expect(html(report).contains("No two rules fired on the same event."))
    report.overlap.counts = [[4, 1], [1, 3]]
    #expect(!html(report).contains("No two rules fired on the same event."))
  }

  @Test func namesInBackTicksAreCode() {
    var report = SampleReport.empty
    report.health.remarks = ["none of them: `a<b>` (line 1); `--sort` sorts it", "odd ` one"]
    let page = html(report)
    #expect(
      page.contains("None of them: <code>a&lt;b&gt;</code> (line 1); <code>--sort</code> sorts it."))
    #expect(page.contains("Odd ` one."))
  }

  @Test func onlyRefusedLinesIsAPage() {
    var report = SampleReport.empty
    report.input.lines = 3
    report.health.refused = [(code: "not-json", lines: 3)]
    report.health.badLines = [(place: "a:1", code: "not-json", message: "the event is not JSON")]
    let page = html(report)
    #expect(page.contains("There was no event to decide: every line was refused."))
    #expect(page.contains("<b>3 lines</b> got no decision"))
    #expect(page.contains("a:1"))
  }

  @Test func oneEventWithoutLabelsOrAmounts() {
    var report = SampleReport.empty
    report.profiles = [.init(score: 0, count: 1)]
    (report.input.lines, report.input.events) = (1, 1)
    (report.input.first, report.input.last) = (0, 0)
    report.days.days = [0]
    report.days.cells = [.init(day: 0, score: 0, floor: .allow, isExcused: false, count: 1)]
    let page = html(report)
    #expect(page.contains("1 event on 1970-01-01 (UTC)"))
    #expect(page.contains("The rules blocked <b>0</b> and sent <b>0</b> to review: 0.0 % of all events."))
    #expect(page.contains("<code>--labels FILE</code>"))
    #expect(page.contains("The events carry no amount"))
    #expect(!page.contains("id=\"curves\""))
    #expect(!page.contains("id=\"costs\""))
    #expect(!page.contains("NaN"))
    #expect(!page.contains("nan%"))
  }

  @Test func labelsWithoutAnyFraudSaySo() {
    var report = SampleReport.empty
    report.labels = ReplayReport.LabelSource()
    report.profiles = [.init(score: 50, truth: .honest, count: 4)]
    report.input.events = 4
    let page = html(report)
    #expect(page.contains("None of the events is labelled as fraud."))
    #expect(page.contains("<span data-figure=\"recall\">–</span>"))
    #expect(page.contains("<span data-figure=\"precision\">0.0 %</span>"))
  }

  @Test func labelsWithoutAmountsSayHowToGetCosts() {
    var report = SampleReport.drawn(seed: 1)
    report.currencies = []
    for index in report.profiles.indices { report.profiles[index].currency = nil }
    let page = html(report)
    #expect(page.contains("Costs need amounts"))
    #expect(!page.contains("class=\"curve amount\""))
  }

  @Test func severalCurrenciesAreNeverAddedUp() {
    let report = SampleReport.drawn(seed: 2)
    let page = html(report)
    #expect(page.contains("<select id=\"currency\""))
    let (euro, yen) = (0, 1)
    let thresholds = report.identity.thresholds
    for currency in [euro, yen] {
      let expected = report.profiles.reduce(Int128(0)) { $1.currency == currency ? $0 + $1.amount : $0 }
      #expect(Standing(report.profiles, thresholds: thresholds, currency: currency).amount == expected)
    }
  }

  @Test func twoHundredRulesAreAPageOfBoundedSize() {
    var generator = SeededGenerator(seed: 3)
    var report = SampleReport.drawn(seed: 3)
    report.rules = SampleReport.rules(200, days: 21, using: &generator)
    let page = html(report)
    #expect(page.contains("<code>rule-199</code>"))
    #expect(page.utf8.count < 700_000)
  }

  @Test func veryHighScoresKeepTheAxisShort() {
    for top in [0, 1, 79, 200_000, 1_000_003, Int(Int32.max)] {
      var report = SampleReport.empty
      report.profiles = [.init(score: 0, count: 5), .init(score: top, count: 1)]
      report.input.events = 6
      let page = html(report)
      let bars = page.components(separatedBy: "<rect class=\"bar").count - 1
      #expect((top < 50 ? 1...2 : 2...2).contains(bars))
      #expect(page.utf8.count < 200_000)
    }
  }

  @Test(arguments: HostileText.all) func noTextBecomesMarkup(text: String) {
    let page = html(SampleReport.hostile(text))
    let shown = page.components(separatedBy: "<script type=\"application/json\"")[0]
    for tag in ["<img", "<iframe", "<b><i>", "onmouseover='", "<script>broken"] {
      #expect(!shown.contains(tag))
    }
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("<!-- "))
    #expect(!page.unicodeScalars.contains { [0x2028, 0x2029, 0x202E, 0xFEFF, 0].contains($0.value) })
  }

  @Test func thePolicyForbidsAllButItsOwn() {
    let page = html(SampleReport.empty)
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    #expect(!page.contains("unsafe-inline"))
    #expect(!page.contains(" style=\""))
    #expect(!page.contains("http://") || !page.contains("src=\"http"))
  }
}
