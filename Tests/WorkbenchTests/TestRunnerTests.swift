import Testing
import Workbench

@Suite struct TestRunnerTests {
  @Test func testsThatHoldPass() throws {
    let report = try TestRunner(rules: try SampleRules.load()).run()
    #expect(report.results.count == 5)
    #expect(report.results.flatMap(\.mismatches) == [])
    #expect(report.failureCount == 0)
  }

  @Test func rulesWithoutTheirTestsAreNamed() throws {
    let report = try TestRunner(rules: try SampleRules.load()).run()
    #expect(report.ruleCount == 3)
    #expect(report.coveredRuleCount == 2)
    #expect(report.rulesNotFired == [])
    #expect(report.rulesNotSpared == ["big-payout"])
  }

  @Test func theFilterChoosesByNameRuleAndFile() throws {
    let runner = TestRunner(rules: try SampleRules.load())
    #expect(try runner.run(filter: "fourth").results.map(\.rule) == ["payout-burst"])
    #expect(try runner.run(filter: "payout-burst").results.count == 2)
    #expect(try runner.run(filter: "payouts.yaml").results.count == 5)
    #expect(try runner.run(filter: "nothing").filteredCount == 5)
    // What did not run protects nothing.
    #expect(try runner.run(filter: "nothing").coveredRuleCount == 0)
  }

  @Test func aMismatchTellsWhatWasExpectedAndFound() throws {
    let report = try TestRunner(rules: try SampleRules.load("failing")).run()
    #expect(
      report.results.flatMap(\.mismatches).map {
        "\($0.event ?? 0) \($0.subject): \($0.expected), not \($0.found)"
      } == [
        "4 score: 80, not 40 (payout-burst)",
        "4 feature payouts_24h: 5, not 4",
        "2 fired: big-payout, not none",
      ])
  }
}
