import Assay
import RuleSets
import TestSupport
import Testing
import Windows
import Workbench

/// A currency that nobody may see stays out of everything that tells of amounts.
@Suite struct SensitiveCurrencyTests {
  /// No text of ours has it by chance.
  private static let currency = "QZX"

  private static func rules(_ limit: Int = 5_000, isSensitive: Bool = true) throws -> RuleSet {
    try RuleSet.small(
      types: "payout",
      fields: """
          user.id: {type: string, required: true}
          payout.amount: {type: money, minor: payout.minor, currency: payout.currency}
          payout.currency: {type: string, sensitive: \(isSensitive)}

        """,
      features: """
          paid_24h: {sum: payout.amount, of: payout, by: user.id, over: 24h}
          usual: {mean: payout.amount, of: payout, by: user.id, over: 24h, export: true}

        """,
      rules: """
          - {id: much, title: Much, family: velocity, on: payout, when: paid_24h > \(limit), on_missing: skip, score: 40}
          - {id: big, title: Big, family: behaviour, on: payout, when: payout.amount >= 3000, on_missing: skip, score: 5}
          - {id: none, title: None, family: behaviour, on: payout, when: paid_24h < 0, on_missing: review, score: 5}

        """)
  }

  private static let lines = (0..<4).map { number in
    let payout = number == 3 ? "" : #","payout":{"minor":3000,"currency":"\#(currency)"}"#
    return #"{"id":"e\#(number)","type":"payout","time":"2026-01-05T1\#(number):00:00Z","#
      + #""user":{"id":"u"}\#(payout)}"#
  }

  private static func events(_ folder: TemporaryFolder) throws -> String {
    try folder.write("events.ndjson", lines.joined(separator: "\n"))
  }

  /// With a currency that may be seen the same texts show it: the test would notice.
  @Test(arguments: [true, false]) func explanationsKeepIt(_ isSensitive: Bool) throws {
    let rules = try Self.rules(isSensitive: isSensitive)
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var missing: [String] = []
    for line in Self.lines {
      let examination = try engine.examine(engine.decode(Array(line.utf8).span), recordsMax: 10)
      let explanation = Explanation(examination, rules: rules)
      missing += explanation.missing.map(\.why)
      let names = SlotNames(rules)
      let brief = ["much", "big"].flatMap {
        RuleBrief($0, of: examination.decided, rules: rules, names: names).lines(width: 100)
      }
      for text in [explanation.text(), explanation.json().encoded(), brief.joined(separator: "\n")] {
        #expect(
          text.contains(Self.currency) == (!isSensitive && examination.decision.event != "e3"), "\(text)")
      }
      // The amount itself is no secret.
      #expect(
        explanation.text().contains("3000, fires from 3000: exactly at it")
          || examination.decision.event == "e3")
    }
    #expect(missing.contains("the event has no `payout.currency`"))
  }

  @Test(arguments: [true, false]) func comparisonsKeepIt(_ isSensitive: Bool) throws {
    let folder = try TemporaryFolder()
    let (before, after) = try (
      Self.rules(isSensitive: isSensitive), Self.rules(8_000, isSensitive: isSensitive)
    )
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: 5)
    comparison.run(try Self.events(folder))
    let report = ComparisonReport(
      before: .init(place: "a", rules: before), after: .init(place: "b", rules: after),
      summary: comparison.summary, limit: nil)
    #expect(comparison.summary.changedCount == 1)
    for text in [report.text(width: 200), report.json(), report.markdown()] {
      #expect(text.contains(Self.currency) == !isSensitive)
    }
  }

  @Test(arguments: [true, false]) func labelsAndThePageKeepIt(_ isSensitive: Bool) throws {
    let folder = try TemporaryFolder()
    let rules = try Self.rules(isSensitive: isSensitive)
    let labels = try LabelFile.read(
      folder.write(
        "labels.ndjson", #"{"event":"e1","label":"fraud"}"# + "\n" + #"{"event":"e2","label":"honest"}"#))
    var recorder = ReportRecorder(
      rules: rules, worth: WorthRecorder(rules: rules, labels: labels), baseline: nil)
    var replay = Replay(rules: rules)
    replay.look = { recorder.record($0, $1) }
    let path = try Self.events(folder)
    try replay.run(path) { _ throws(OutputError) in }
    let page = ReportPage(recorder.report(replay.summary, .init(files: [path], program: "assay 0.0.0"))).html
    for text in [page, recorder.worth.text(color: false)] {
      #expect(text.contains(Self.currency) == !isSensitive)
    }
  }

  @Test func amountsWithoutAUnitCannotBeAddedUp() throws {
    #expect(try AmountField(of: Self.rules()).path == nil)
    #expect(try AmountField("payout.amount", of: Self.rules(isSensitive: false)).path == "payout.amount")
    let fault = #expect(throws: AmountField.Fault.self) { try AmountField("payout.amount", of: Self.rules()) }
    #expect(
      fault?.message == "`payout.amount` cannot be added up: its currency `payout.currency` is sensitive")
  }

  @Test func slotsThatAreNotThereAreNotShown() throws {
    let rules = try Self.rules()
    let shown = ShownSlots(rules)
    #expect(!shown.contains(-1) && !shown.contains(rules.slotCount))
    let amount = try #require(rules.schema.slot(of: "payout.amount"))
    #expect(shown.contains(amount) && shown.isMoney(amount) && shown.currency(of: amount) == nil)
  }
}
