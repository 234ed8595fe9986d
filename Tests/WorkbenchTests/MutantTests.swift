import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// Which mutants are made of a rule set, and which of them its tests notice.
@Suite struct MutantTests {
  private static let schema = """
    event: {id: id, type: type, time: time}
    types: [pay]
    fields:
      user: {type: string, required: true}
      amount: {type: int, required: true}
      rate: {type: double, required: true}
      seen: {type: timestamp, required: true}
      kind: {enum: [card, cash], required: true}
      fresh: {type: bool, required: true}
      marks: {type: list, of: string, required: true}
    """

  private static func load(
    when condition: String, features: String = "", score: Int = 20, tests: String? = nil
  ) throws -> (rules: RuleSet, sources: SourceFiles) {
    var files = [
      "ruleset.yaml": "ruleset: mutants\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": schema,
      "rules/a.yaml": """
      rules:
        - id: a
          title: A
          family: velocity
          on: pay
          when: >-
            \(condition)
          score: \(score)
      """,
    ]
    if !features.isEmpty { files["features.yaml"] = "features:\n" + features }
    files["tests/a.yaml"] = tests
    let folder = try RuleSetFolder(files)
    let loaded = withExtendedLifetime(folder) { RuleSetLoader.load(folder: folder.url.path) }
    return (try #require(loaded.ruleSet, "\(loaded.rendered())"), loaded.sources)
  }

  /// Each mutant as `what was → what it became`.
  private static func mutants(
    when condition: String, features: String = "", score: Int = 20
  ) throws -> [String] {
    let (rules, sources) = try load(when: condition, features: features, score: score)
    return MutantMaker(rules, sources: sources).all().map { mutant in
      "\(mutant.kind.rawValue): \(mutant.was) → \(mutant.became)"
    }
  }

  @Test func aComparisonOfIntegersAndItsThresholdAreChangedOnceEach() throws {
    // `amount >= 3` is `amount > 2` and would be the same mutant twice.
    #expect(
      try Self.mutants(when: "amount > 3") == [
        "comparison: amount > 3 → amount >= 3", "threshold: amount > 3 → amount > 4",
      ])
    #expect(
      try Self.mutants(when: "amount <= 3") == [
        "comparison: amount <= 3 → amount < 3", "threshold: amount <= 3 → amount <= 4",
      ])
    #expect(
      try Self.mutants(when: "3 < amount") == [
        "threshold: 3 < amount → 4 < amount", "comparison: 3 < amount → 3 <= amount",
      ])
    #expect(
      try Self.mutants(when: "amount == 3") == [
        "comparison: amount == 3 → amount != 3", "threshold: amount == 3 → amount == 2",
        "threshold: amount == 3 → amount == 4",
      ])
  }

  @Test func doublesAndSpansMoveByTheUnitInWhichTheyAreWritten() throws {
    #expect(
      try Self.mutants(when: "rate < 0.05") == [
        "comparison: rate < 0.05 → rate <= 0.05", "threshold: rate < 0.05 → rate < 0.04",
        "threshold: rate < 0.05 → rate < 0.06",
      ])
    #expect(
      try Self.mutants(when: "rate > 10.0") == [
        "comparison: rate > 10.0 → rate >= 10.0", "threshold: rate > 10.0 → rate > 11.0",
        "threshold: rate > 10.0 → rate > 9.0",
      ])
    #expect(
      try Self.mutants(when: #"event.time - seen < duration("1h")"#) == [
        #"comparison: event.time - seen < duration("1h") → event.time - seen <= duration("1h")"#,
        #"threshold: event.time - seen < duration("1h") → event.time - seen < duration("59m")"#,
        #"threshold: event.time - seen < duration("1h") → event.time - seen < duration("61m")"#,
      ])
  }

  @Test func eachTermOfAChainIsDroppedOnce() throws {
    let found = try Self.mutants(when: "fresh && amount == 3 && !(kind == \"card\")")
    #expect(found.filter { $0.hasPrefix("dropped") }.count == 3)
    #expect(found.filter { $0.hasPrefix("connective") }.count == 2)
    #expect(found.contains("negation: fresh → !(fresh)"))
    #expect(found.contains("negation: !(kind == \"card\") → (kind == \"card\")"))
  }

  @Test func whatAMacroAddsIsNotChanged() throws {
    let found = try Self.mutants(when: #"marks.exists(m, m == "x") && marks.all(m, m != "y")"#)
    #expect(
      found.filter { !$0.hasPrefix("negation") } == [
        #"dropped: marks.exists(m, m == "x") → "#, #"comparison: m == "x" → m != "x""#,
        #"dropped: marks.all(m, m != "y") → "#,
        #"connective: marks.exists(m, m == "x") && marks.all(m, m != "y") → marks.exists(m, m == "x") || marks.all(m, m != "y")"#,
        #"comparison: m != "y" → m == "y""#,
      ])
  }

  @Test func windowsOfFeaturesThatRulesReadMoveByANotch() throws {
    let features = """
        sent: {count: pay, by: user, over: 24h, where: amount > 0}
        gap: {gap_mean: pay, by: user, over: 1h, last: 4}
        idle: {count: pay, by: user, over: 7d, export: true}
        late: {count: pay, by: user, over: 7d, delay: 2d}
      """
    let found = try Self.mutants(
      when: #"sent > 3 && gap < duration("5s") && late > 1"#, features: features)
    #expect(
      found.filter { $0.hasPrefix("window") } == [
        "window: over: 24h → over: 23h", "window: over: 24h → over: 25h", "window: over: 1h → over: 59m",
        "window: over: 1h → over: 61m", "window: last: 4 → last: 3", "window: last: 4 → last: 5",
        "window: over: 7d → over: 6d", "window: over: 7d → over: 8d", "window: delay: 2d → delay: 1d",
        "window: delay: 2d → delay: 3d",
      ])
    #expect(found.contains("comparison: amount > 0 → amount >= 0"))
  }

  @Test func membersOfAListAndTheWholeOfAFilterAreDropped() throws {
    let features = """
        sent: {count: pay, by: user, over: 24h, where: amount > 0}
      """
    let found = try Self.mutants(
      when: #"kind in ["card", "cash"] && amount in [7] && sent > 3"#, features: features)
    #expect(found.contains(#"dropped: "card" → "#) && found.contains(#"dropped: "cash" → "#))
    // Of one member alone the whole term is dropped.
    #expect(!found.contains("dropped: 7 → "))
    #expect(found.contains("dropped: where: amount > 0 → "))
  }

  @Test func aScoreIsChangedWhereItDecides() throws {
    #expect(try Self.mutants(when: "fresh", score: 40).last == "score: score: 40 → score: 39")
    #expect(try Self.mutants(when: "fresh", score: 79).last == "score: score: 79 → score: 80")
    #expect(try Self.mutants(when: "fresh", score: 50) == ["negation: fresh → !(fresh)"])
  }

  private static let member =
    "{user: u, amount: AMOUNT, rate: 1.0, seen: \"2026-01-01T00:00:00Z\", kind: card, "
    + "fresh: true, marks: []}"

  private static func test(_ amount: Int, fires: Bool) -> String {
    """
      - name: an amount of \(amount)
        rule: a
        fires: \(fires)
        events: [{with: \(member.replacing("AMOUNT", with: "\(amount)"))}]

    """
  }

  @Test func aTestOnEachSideOfAThresholdNoticesEveryMutant() throws {
    let tests = "tests:\n" + Self.test(4, fires: true) + Self.test(3, fires: false)
    let (rules, sources) = try Self.load(when: "amount > 3", tests: tests)
    let report = MutantRun(rules, sources: sources).run()
    #expect(report.tried == 2)
    #expect(report.percent == 100)
  }

  @Test func aSurvivorSaysWhichEventIsMissing() throws {
    let tests = "tests:\n" + Self.test(9, fires: true) + Self.test(3, fires: false)
    let (rules, sources) = try Self.load(when: "amount > 3", tests: tests)
    let report = MutantRun(rules, sources: sources).run()
    #expect(report.noticed == 1)
    let survivor = try #require(report.survivors.first)
    #expect(survivor.file == "rules/a.yaml" && survivor.line == 7 && survivor.column == 16)
    #expect(
      survivor.missing == "a test with `rule: a`, `fires: true` and a last event where `amount` is 4")
  }

  @Test func aLimitSpreadsOverAllMutants() throws {
    let (rules, sources) = try Self.load(
      when: "amount > 3 && rate < 0.5 && fresh", tests: "tests:\n" + Self.test(9, fires: false))
    let whole = MutantRun(rules, sources: sources).run()
    let part = MutantRun(rules, sources: sources).run(max: 3)
    #expect(part.tried == 3)
    #expect(part.tried + part.leftOut == whole.tried)
  }
}
