import RuleSets
import TestSupport
import Testing
import Workbench

/// Samples say what each rule behind a change answered, on both sides.
@Suite struct SampleTests {
  private static func rules(_ rules: String, review: Int = 40, features: String = "n") throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: t\ndecision: {review: \(review), block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [a, b]
      fields:
        user: {type: string, required: true}
        x: {type: int}
      """,
      "features.yaml": "features: {\(features): {count: a, by: user, over: 1h}}\n",
      "rules/r.yaml": "rules:\n" + rules,
    ])
  }

  private static func rule(_ id: String, _ condition: String, _ more: String = "score: 40") -> String {
    "  - {id: \(id), title: T, family: velocity, on: a, when: '\(condition)', on_missing: skip, \(more)}\n"
  }

  private static func report(
    _ before: RuleSet, _ after: RuleSet, _ lines: [String], samples: Int = 3
  ) throws -> ComparisonReport {
    let folder = try TemporaryFolder()
    let path = try folder.write("e.ndjson", lines.map { $0 + "\n" }.joined())
    var comparison = RuleSetComparison(before: before, after: after, samplesMax: samples)
    comparison.run(path)
    return ComparisonReport(
      before: .init(place: "a", rules: before), after: .init(place: "b", rules: after),
      summary: comparison.summary, limit: nil)
  }

  private static func event(_ id: Int, x: Int) -> String {
    #"{"id":"e\#(id)","type":"a","time":"2026-01-05T10:0\#(id):00Z","user":"u","x":\#(x)}"#
  }

  private static func body(_ report: ComparisonReport) -> [String] {
    let lines = report.text(width: 100).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != "samples" }.dropFirst(3).prefix { !$0.isEmpty }.map(String.init)
  }

  @Test func bothSidesSayWhatDecided() throws {
    let report = try Self.report(
      try Self.rules(Self.rule("many", "n > 3 && x > 1")),
      try Self.rules(Self.rule("many", "n > 1 && x > 1")),
      [Self.event(1, x: 5), Self.event(2, x: 5)])
    #expect(
      Self.body(report) == [
        "    many nothing → +40: T",
        "      before  did not fire",
        "        FAIL           n > 3   2, fires above 3: 1 short",
        "      after   fired",
        "        PASS           all of",
        "          PASS           n > 1   2, fires above 1: 1 over",
        "          PASS           x > 1   5, fires above 1: 4 over",
        "    features n 2",
      ])
  }

  @Test func aRuleThatOneOfThemDoesNotHaveSaysSo() throws {
    let report = try Self.report(
      try Self.rules(Self.rule("new", "n > 0", "score: 40, status: off") + Self.rule("kept", "n > 9")),
      try Self.rules(Self.rule("new", "n > 0")), [Self.event(1, x: 5)])
    #expect(
      Self.body(report).prefix(3) == [
        "    new nothing → +40: T", "      before  no such rule, or it is off", "      after   fired",
      ])
  }

  @Test func whereBothAnswerAlikeTheEditIsTold() throws {
    let report = try Self.report(
      try Self.rules(Self.rule("one", "n > 0", "score: 10")), try Self.rules(Self.rule("one", "n > 0")),
      [Self.event(1, x: 5)])
    #expect(
      Self.body(report) == [
        "    one +10 → +40: T", "      both    fired",
        "        PASS           n > 0   1, fires above 0: 1 over",
        "      edited  score: 10 → 40", "    features n 1",
      ])
  }

  @Test func movedThresholdsNameTheRulesThatReachedThem() throws {
    let rule = Self.rule("one", "x > 3")
    let report = try Self.report(
      try Self.rules(rule), try Self.rules(rule, review: 60), [Self.event(1, x: 5)])
    #expect(
      Self.body(report) == [
        "    thresholds review 40, block 80 → review 60, block 80: review: 40 → 60",
        "    one brings the same to both", "      both    fired",
        "        PASS           x > 3   5, fires above 3: 2 over",
      ])
  }

  @Test func conditionsOfManyRulesAreLeftOut() throws {
    let many = (10..<22).map { Self.rule("r\($0)", "x > 3", "score: 10") }.joined()
    let report = try Self.report(
      try Self.rules(Self.rule("none", "x > 9")), try Self.rules(many), [Self.event(1, x: 5)])
    let samples = report.summary.samples.values.joined()
    #expect(samples.map(\.parties.count) == [12])
    #expect(samples.map(\.rules.count) == [RuleSides.explainedMax])
    #expect(samples.map(\.furtherRuleCount) == [4])
    #expect(Self.body(report).last == "    the conditions of 4 more rules are left out")
    let json = try JSONValue(parsing: report.json())
    #expect(json["samples"]?.array?.first?["rules"]?.array?.count == RuleSides.explainedMax)
  }

  @Test func theWidthIsKept() throws {
    let condition = (0..<12).map { "x > \($0) && user != \"somebody else \($0)\"" }.joined(separator: " && ")
    let long = String(repeating: "very-long-", count: 6)
    let (before, after) = try (
      Self.rules(Self.rule(long + "rule", "x > 1000")), Self.rules(Self.rule(long + "rule", condition))
    )
    let report = try Self.report(before, after, [Self.event(1, x: 5), Self.event(2, x: 500)])
    for width in [60, 80, 100, 200] {
      let lines = report.text(width: width).split(separator: "\n")
      // A name stands whole where it has room for nothing else, as in samples.
      let tooLong = lines.filter { $0.count > max(width, 4 + long.count + 4) }
      #expect(tooLong.isEmpty, "\(width): \(tooLong)")
    }
  }
}
