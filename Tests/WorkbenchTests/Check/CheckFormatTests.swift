import CEL
import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

struct CheckFormatTests {
  /// A condition behind characters of two and of four bytes: columns count characters, offsets bytes.
  private static func loaded() -> LoadedRuleSet {
    let rules = """
      rules:
        - {id: a, title: "é😀", family: velocity, on: payout.requested, when: payout_24h > 3, score: 1}
      """
    return RuleSetLoader.load(folder: DiagnosticCase.rest, replacing: ["rules/rules.yaml": Array(rules.utf8)])
  }

  @Test func regionsCountCharactersAndBytes() throws {
    let places = FindingPlaces(Self.loaded(), folder: "rules", from: "/project")
    let finding = try #require(Self.loaded().diagnostics.first { $0.code == "cel-unknown-name" })
    let region = try #require(places.region(of: finding.place))
    #expect(region.start.line == 2 && region.start.column == 72)
    #expect(region.end.line == 2 && region.end.column == 82)
    #expect(region.offset == 82 && region.length == 10)
  }

  @Test func pathsAreToldFromWhereTheCommandRuns() {
    func path(_ folder: String, _ file: String, from here: String = "/project") -> String {
      FindingPlaces(Self.loaded(), folder: folder, from: here).path(of: file)
    }
    #expect(path("Rules/rewards", "rules/a.yaml") == "Rules/rewards/rules/a.yaml")
    #expect(path("./Rules//rewards/", "rules/a.yaml") == "Rules/rewards/rules/a.yaml")
    #expect(path(".", "rules/a.yaml") == "rules/a.yaml")
    #expect(path("/project/Rules", "a.yaml") == "Rules/a.yaml")
    #expect(path("/elsewhere", "a.yaml") == "/elsewhere/a.yaml")
    #expect(path("/projects", "a.yaml") == "/projects/a.yaml")
    #expect(path("../Rules", "a.yaml") == "../Rules/a.yaml")
    #expect(path("Rules", ".") == "Rules")
    let places = FindingPlaces(Self.loaded(), folder: "my rules", from: "/project")
    #expect(places.uri(of: "a%é.yaml") == "my%20rules/a%25%C3%A9.yaml")
    #expect(FindingPlaces(Self.loaded(), folder: "/x y", from: "/p").uri(of: "a") == "file:///x%20y/a")
  }

  /// Every case as SARIF: JSON whose results name their rules and lie within their files.
  @Test(arguments: DiagnosticCase.all) func sarifIsWhole(_ test: DiagnosticCase) throws {
    let loaded = test.load()
    let text = CheckReport(loaded).sarif(folder: "Rules", from: "/project", version: "0.1.0")
    let run = try #require(try JSONValue(parsing: text)["runs"]?.array?.first)
    let rules = try #require(run["tool"]?["driver"]?["rules"]?.array)
    let results = try #require(run["results"]?.array)
    #expect(results.count == loaded.diagnostics.count)
    for result in results {
      guard case .number(let index)? = result["ruleIndex"], let place = Int(index) else {
        Issue.record("no index")
        continue
      }
      #expect(rules[place]["id"] == result["ruleId"])
      #expect(["error", "warning"].contains(result["level"]?.text ?? ""))
      #expect(result["locations"]?.array?.count == 1)
      let help = try #require(rules[place]["help"]?["text"]?.text)
      #expect(help.contains("; "), "\(help)")
    }
  }

  /// Workflow commands are lines: as many as there are findings, whatever stands in them.
  @Test(arguments: DiagnosticCase.all) func workflowCommandsAreLines(_ test: DiagnosticCase) {
    let loaded = test.load()
    let lines = CheckReport(loaded).workflowCommands(folder: "Rules", from: "/project").split(separator: "\n")
    #expect(lines.count == loaded.diagnostics.count)
    for line in lines {
      #expect(
        line.contains(
          /^::(error|warning) file=[^,:]+(,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?)?,title=[a-z0-9-]+::./
        ))
    }
  }

  @Test func everyCodeHasHelp() {
    let codes =
      RuleSetCode.allCases.map(\.rawValue) + ExpressionDiagnostic.Code.allCases.map(\.rawValue)
    #expect(codes.filter { !DiagnosticHelp.knows($0) } == [])
    for test in DiagnosticCase.all {
      for finding in test.load().diagnostics {
        #expect(DiagnosticHelp.knows(finding.code), "\(finding.code)")
      }
    }
  }
}
