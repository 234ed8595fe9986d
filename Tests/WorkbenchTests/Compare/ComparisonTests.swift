import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

@Suite struct ComparisonTests {
  @Test func limitsAreNumbersOrShares() {
    #expect(ChangeLimit("0") == .count(0))
    #expect(ChangeLimit("25") == .count(25))
    #expect(ChangeLimit("0.5%") == .share(thousandths: 500))
    #expect(ChangeLimit("0.05%") == .share(thousandths: 50))
    #expect(ChangeLimit("100%") == .share(thousandths: 100_000))
    for text in ["", "%", "-1", "+1", "1.5", "100.001%", "5.%", ".5%", "1e3", " 1", "0.0005%", "٣", "1%%"] {
      #expect(ChangeLimit(text) == nil, "\(text)")
    }
    for text in ["0", "25", "0.5%", "0.05%", "100%", "12.345%"] { #expect(ChangeLimit(text)?.text == text) }
    #expect(ChangeLimit("99999999999999999999") == nil)
  }

  @Test func aShareIsOfWhatWasCompared() {
    let limit = ChangeLimit.share(thousandths: 500)
    #expect(!limit.isExceeded(changed: 5, of: 1_000))
    #expect(limit.isExceeded(changed: 6, of: 1_000))
    #expect(!limit.isExceeded(changed: 0, of: 0))
    #expect(ChangeLimit.count(0).isExceeded(changed: 1, of: 1_000))
  }

  /// The schema and the rules of the tests about histories; `features` is what changes.
  private func rules(_ features: String, schema: String = "", header: String = "") throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: t\ndecision: {review: 40, block: 80}\n" + header,
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [a, b]
      fields:
        user.id: {type: string, required: true}
        device.id: {type: string}
        amount: {type: int}
      \(schema)
      """,
      "features.yaml": "features:\n  " + features,
      "lists.yaml": "lists: {odd: [1, 3]}",
      "rules/r.yaml": """
      rules:
        - {id: r, title: R, family: velocity, on: any, when: f > 3, on_missing: skip, score: 40}
      """,
    ])
  }

  private func history(_ before: String, _ after: String) throws -> [FeatureHistory] {
    RuleSetDifference(before: try rules(before), after: try rules(after)).histories
  }

  @Test func aShorterWindowOverTheSameColumnsKnowsItsHistory() throws {
    #expect(
      try history("f: {count: a, by: user.id, over: 7d}", "f: {count: a, by: user.id, over: 24h}") == [])
    #expect(
      try history(
        "f: {sum: amount, of: a, by: user.id, over: 7d}", "f: {max: amount, of: a, by: user.id, over: 7d}")
        == [])
  }

  @Test func aLongerWindowWaitsForWhatIsMissing() throws {
    let found = try history(
      "f: {count: a, by: user.id, over: 24h}", "f: {count: a, by: user.id, over: 7d, delay: 1d}")
    #expect(found.count == 1)
    // 24 h and an hour of lateness are there of eight days.
    #expect(found.first?.extent == .partly(recordedMilliseconds: 25 * 3_600_000))
    let missing: Int64 = (8 * 24 - 25) * 3_600_000
    #expect(found.first?.fullAfterMilliseconds == missing)
    #expect(found.first?.isReset == false)
  }

  @Test(arguments: [
    ("f: {count: a, by: user.id, over: 7d}", "f: {count: a, where: amount > 3, by: user.id, over: 7d}"),
    (
      "f: {count: a, where: amount > 3, by: user.id, over: 7d}",
      "f: {count: a, where: amount > 4, by: user.id, over: 7d}"
    ),
    ("f: {count: a, by: user.id, over: 7d}", "f: {count: a, by: device.id, over: 7d}"),
    ("f: {count: a, by: user.id, over: 7d}", "f: {count: [a, b], by: user.id, over: 7d}"),
    ("f: {count: a, by: user.id, over: 7d}", "f: {sum: amount, of: a, by: user.id, over: 7d}"),
    (
      "f: {count: a, by: user.id, over: 7d, precision: 12 panes}", "f: {count: a, by: user.id, over: 7d}"
    ),
    // The condition was recorded, but not for events of this type.
    (
      "f: {count: a, where: amount > 3, by: user.id, over: 7d}\n  g: {count: b, by: user.id, over: 7d, export: true}",
      "f: {count: b, where: amount > 3, by: user.id, over: 7d}"
    ),
  ])
  func whatWasNotRecordedBeginsAnew(before: String, after: String) throws {
    let found = try history(before, after)
    #expect(found.map(\.feature) == ["f"])
    #expect(found.first?.extent == .nothing)
    #expect(found.first?.isReset == true)
    let week: Int64 = 7 * 86_400_000
    #expect(found.first?.fullAfterMilliseconds == week)
  }

  @Test func aWhereInOtherWordsKeepsItsHistory() throws {
    let (before, after) = ("where: amount > 3 && amount in odd", "where: (amount>3)&& amount in odd")
    #expect(
      try history(
        "f: {count: a, by: user.id, over: 7d, \(before)}", "f: {count: a, by: user.id, over: 7d, \(after)}")
        == [])
  }

  @Test func aSensitiveKeyIsAnotherKey() throws {
    let feature = "f: {count: a, by: who, over: 7d}"
    let difference = RuleSetDifference(
      before: try rules(feature, schema: "  who: {type: string}"),
      after: try rules(feature, schema: "  who: {type: string, sensitive: true}"))
    #expect(difference.histories.map(\.isReset) == [true])
    #expect(difference.fields.map(\.name) == ["who"])
  }

  @Test func anythingFromOutsideIsHarmlessInMarkdown() throws {
    let folder = try TemporaryFolder()
    let id = #"<img src=x onerror=alert(1)>|`**@team**`[a](b)"#
    let path = try folder.write(
      "e.ndjson",
      #"{"id":"\#(id)","type":"a","time":"2026-01-05T10:00:00Z","user":{"id":"u"}}"# + "\n")
    let before = try rules("f: {count: a, by: user.id, over: 7d}")
    let after = try rules("f: {count: a, by: user.id, over: 7d, empty: 9, including_current: false}")
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: 1)
    comparison.run(path)
    let report = ComparisonReport(
      before: .init(place: "a|b", rules: before), after: .init(place: "b", rules: after),
      summary: comparison.summary, limit: nil)
    #expect(comparison.summary.changedCount == 1)
    let markdown = report.markdown()
    #expect(!markdown.contains("<img"))
    #expect(!markdown.contains("@team"))
    #expect(markdown.contains("&#60;img"))
    // Each row has as many cells as the line of dashes above it.
    var cells = 0
    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let count = line.count { $0 == "|" }
      if line.hasPrefix("|---") { cells = count }
      if !line.hasPrefix("|") { cells = 0 }
      if cells > 0 { #expect(count == cells, "\(line)") }
    }
  }

  @Test func aShadowRuleTellsWhatItWouldChange() throws {
    let before = try SampleRules.load("small")
    let after = try SampleRules.load("small-after")
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: 0)
    comparison.run(SampleRules.events)
    let hits = try #require(comparison.summary.shadow["burst-on-trial"])
    #expect((hits.before, hits.after) == (0, 3))
    #expect(hits.wouldChange == [OutcomeChange(.review, .block): 2])
    #expect(comparison.summary.samples.isEmpty)
  }

  @Test func sensitiveValuesStayOutOfSamples() throws {
    let schema = "  who: {type: string, sensitive: true}"
    let before = try rules("f: {count: a, by: user.id, over: 7d}", schema: schema)
    let after = try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: t\ndecision: {review: 40, block: 80}",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [a, b]
      fields:
        user.id: {type: string, required: true}
        who: {type: string, sensitive: true}
      """,
      "features.yaml":
        "features: {whom: {last: who, by: user.id, over: 7d}, n: {count: a, by: user.id, over: 7d}}",
      "rules/r.yaml": """
      rules:
        - {id: r, title: R, family: velocity, on: any, when: n > 1, on_missing: skip, score: 40, reason: "{whom}"}
      """,
    ])
    let folder = try TemporaryFolder()
    let lines = (0..<3).map {
      #"{"id":"e\#($0)","type":"a","time":"2026-01-05T10:0\#($0):00Z","user":{"id":"u"},"who":"ann@example.com"}"#
    }
    let path = try folder.write("e.ndjson", lines.joined(separator: "\n"))
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: 3)
    comparison.run(path)
    let report = ComparisonReport(
      before: .init(place: "a", rules: before), after: .init(place: "b", rules: after),
      summary: comparison.summary, limit: nil)
    #expect(comparison.summary.changedCount > 0)
    for text in [report.json(), report.text(width: 100), report.markdown()] {
      #expect(!text.contains("ann@"))
      #expect(text.contains("***") || text.contains("&#42;"))
    }
  }
}
