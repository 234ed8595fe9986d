import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The examples of the page on testing do what the page says.
@Suite struct TestingPageTests {
  private static func load() throws -> LoadedRuleSet {
    let page = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Sources/Workbench/Workbench.docc/Testing.md"),
      encoding: .utf8)
    var files = [
      "ruleset.yaml": "ruleset: page\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [payout.requested]
      fields:
        user.id: {type: string, required: true}
        device.id: {type: string, required: true}
      """,
      "features.yaml": """
      features:
        payouts_24h: {count: payout.requested, by: user.id, over: 24h}
        users_7d: {distinct: user.id, by: device.id, over: 7d}
      """,
      "lists.yaml": "lists:\n  partners: [press]\n",
      // The stream's other rule, which the page does not show.
      "rules/devices.yaml": """
      rules:
        - id: crowded-device
          title: Many players
          family: device
          on: payout.requested
          when: users_7d > 2
          score: 40
      """,
    ]
    for block in page.components(separatedBy: "```yaml\n").dropFirst() {
      let text = block.components(separatedBy: "```")[0]
      files[String(text.prefix { $0 != "\n" }.dropFirst(2))] = text.replacing(
        "user.id: u1}", with: "user.id: u1, device.id: d1}")
    }
    #expect(files.count == 7)
    let folder = try RuleSetFolder(files)
    return withExtendedLifetime(folder) { RuleSetLoader.load(folder: folder.url.path) }
  }

  @Test func theTestsOfTheRulePass() throws {
    let loaded = try Self.load()
    let report = try TestRunner(rules: try #require(loaded.ruleSet, "\(loaded.rendered())")).run()
    #expect(report.results.count == 3)
    #expect(report.failureCount == 0, "\(report.text())")
    #expect(report.results.map(\.rule) == ["payout-burst", "payout-burst", "payout-burst"])
  }

  @Test func theStreamIsExpectedToComeToWhatThePageSays() throws {
    let rules = try #require(try Self.load().ruleSet)
    let streams = try #require(rules.streams)
    #expect(streams.rules.map(\.count.text) == ["exactly 3", "1 to 5"])
    #expect(streams.outcomes.map(\.count.text) == ["at most 10"])
    #expect(streams.unexpected == .fail)
  }

  @Test func theTwoTestsOfTheBoundaryNoticeTheThresholdAndTheWindow() throws {
    let loaded = try Self.load()
    let report = MutantRun(try #require(loaded.ruleSet), sources: loaded.sources).run(filter: "payout")
    #expect(report.survivors.map(\.was) == [], "\(report.text())")
  }
}
