import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

/// The README's examples do what the README says.
struct ReadmeTests {
  private static func text() throws -> String {
    try String(contentsOf: SharedData.projectRoot.appending(path: "README.md"), encoding: .utf8)
  }

  /// The fenced blocks in one language, without their fences.
  private static func blocks(_ language: String) throws -> [String] {
    try text().components(separatedBy: "```\(language)\n").dropFirst().map { part in
      part.components(separatedBy: "```")[0]
    }
  }

  @Test func theRuleSetLoadsCleanAndItsTestsPass() throws {
    var files: [String: String] = [:]
    for block in try Self.blocks("yaml") {
      let path = block.prefix { $0 != "\n" }.dropFirst(2)
      files[String(path)] = block
    }
    #expect(
      files.keys.sorted() == [
        "features.yaml", "rules/payouts.yaml", "ruleset.yaml", "schema.yaml", "tests/payouts.yaml",
      ])
    let folder = try RuleSetFolder(files)
    let loaded = RuleSetLoader.load(folder: folder.url.path)
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
    let report = try TestRunner(rules: try #require(loaded.ruleSet)).run()
    #expect(report.results.count == 4 && report.failureCount == 0, "\(report.results)")
  }

  @Test func theEmbeddingExampleIsTheOneThatRuns() throws {
    let source = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Tests/WorkbenchTests/ReadmeExample.swift"),
      encoding: .utf8)
    let body = source.components(separatedBy: "// The README shows the lines below.\n")[1]
      .components(separatedBy: "    // The README shows the lines above.")[0]
    let lines = body.split(separator: "\n").map { $0.dropFirst(4) }
    let example = try #require(try Self.blocks("swift").first)
    #expect(example == "import Assay\n\n" + lines.joined(separator: "\n") + "\n")
    // A payout without any evidence about its phone is held, and the decision says which rules could not look.
    #expect(try ReadmeExample.run().contains("no-device-integrity"))
  }

  @Test func everyPathItNamesIsThere() throws {
    let paths = try Self.text().matches(of: /`((?:Sources|Rules|Fixtures|Tests|Clients)\/[A-Za-z.\/]+)`/).map
    {
      String($0.1)
    }
    #expect(!paths.isEmpty)
    for path in paths {
      #expect(
        FileManager.default.fileExists(atPath: SharedData.projectRoot.appending(path: path).path), "\(path)")
    }
  }
}
