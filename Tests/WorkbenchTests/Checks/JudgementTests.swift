import Foundation
import RuleSets
import TestSupport
import Testing
import Workbench

@Suite struct JudgementTests {
  @Test(arguments: JudgementCase.all) func findingsReadAsExpected(_ golden: JudgementCase) throws {
    let text = try golden.text()
    if JudgementCase.isRecording { try Data(text.utf8).write(to: golden.expected) }
    #expect(text == (try String(contentsOf: golden.expected, encoding: .utf8)))
  }

  @Test func everyCheckHasACase() {
    let shown = Set(JudgementCase.all.filter { $0.name == $0.code }.map(\.code))
    #expect(shown == Set(Judgement.codes))
  }

  /// `Checks.md` is made of the checks and their first cases; `ASSAY_RECORD=1` writes it anew.
  @Test func thePageIsMadeOfTheChecks() throws {
    let page = SharedData.projectRoot.appending(path: "Sources/Workbench/Workbench.docc/Checks.md")
    let text = try Judgement.page { code in
      try String(contentsOf: JudgementCase(name: code).expected, encoding: .utf8)
    }
    if JudgementCase.isRecording { try Data(text.utf8).write(to: page) }
    #expect(text == (try String(contentsOf: page, encoding: .utf8)))
  }

  @Test(arguments: ["Rules/rewards", "Rules/handbook"]) func ourOwnRulesLeaveNoDoubt(_ folder: String) throws
  {
    let path = SharedData.projectRoot.appending(path: folder).path
    let report = CheckReport(try RuleFolder.load(path)).judged()
    let known = Set(Judgement.codes)
    #expect(report.loaded.diagnostics.filter { known.contains($0.code) } == [])
  }

  /// A rule set with errors is told of its errors alone.
  @Test func whatDoesNotLoadIsNotJudged() throws {
    let loaded = try RuleFolder.load(SampleRules.path("mistakes"))
    #expect(CheckReport(loaded).judged().loaded.diagnostics == loaded.diagnostics)
  }

  /// 1,000 rules over the same few features, every other one outright: the worst for looking at pairs. The time is told
  /// and held loosely, as other processes share the machine; the brief is half a second for the whole check.
  @Test func aThousandRulesAreJudgedQuickly() throws {
    let folder = try RuleSetFolder(ThousandRules.files())
    let clock = ContinuousClock()
    var report: CheckReport?
    let loading = try clock.measure { report = CheckReport(try RuleFolder.load(folder.url.path)) }
    let judging = clock.measure { report = report?.judged() }
    print("1,000 rules: loaded in \(loading), judged in \(judging)")
    #expect(report?.loaded.ruleSet?.rules.count == 1_000)
    #expect(report?.loaded.diagnostics.contains { $0.code == "dominated-rule" } == true)
    #expect(loading + judging < .seconds(3))
  }
}
