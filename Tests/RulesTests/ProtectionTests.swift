import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The tests of `Rules/rewards` protect its rules: every rule both ways, and nearly every figure to the notch.
@Suite struct ProtectionTests {
  private static func load() throws -> LoadedRuleSet {
    RuleSetLoader.load(folder: SharedData.projectRoot.appending(path: "Rules/rewards").path)
  }

  @Test func everyRuleHasATestThatFiresItAndOneThatDoesNot() throws {
    let report = try TestRunner(rules: try #require(try Self.load().ruleSet)).run()
    #expect(report.failureCount == 0, "\(report.text())")
    #expect(report.rulesNotFired == [])
    #expect(report.rulesNotSpared == [])
  }

  @Test func nearlyEveryMutantIsNoticed() throws {
    let loaded = try Self.load()
    let report = MutantRun(try #require(loaded.ruleSet), sources: loaded.sources).run()
    #expect(report.tried > 300)
    #expect(report.percent >= 90, "\(report.text())")
  }
}
