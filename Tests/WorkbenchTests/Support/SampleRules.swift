import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The rule sets that the tests of the command use, too.
enum SampleRules {
  static func path(_ name: String) -> String {
    SharedData.projectRoot.appending(path: "Fixtures/commands/rules/\(name)").path
  }

  static func load(_ name: String = "small") throws -> RuleSet {
    try #require(try RuleFolder.load(path(name)).ruleSet)
  }

  static var events: String {
    SharedData.projectRoot.appending(path: "Fixtures/commands/events/payouts.ndjson").path
  }
}
