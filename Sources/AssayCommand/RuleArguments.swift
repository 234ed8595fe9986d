import ArgumentParser
import Glibc
import RuleSets
import Workbench

/// The rule set that a command works on.
struct RuleArguments: ParsableArguments {
  @Argument(help: "The folder of the rule set.", completion: .directory)
  var rules: String

  @Option(help: "When to colour: auto (on a terminal, without NO_COLOR), always or never.")
  var color = ColorChoice.auto

  /// Reads and checks the rules, whatever is found in them.
  func check() throws(Stop) -> CheckReport {
    do {
      return CheckReport(try RuleFolder.load(rules))
    } catch {
      throw Stop(.rules, error.description, hint: error.hint)
    }
  }

  /// The rules for a command that needs them; findings go to standard error.
  func load() throws(Stop) -> RuleSet { try loadWithSources().rules }

  /// The same with the files that were read, for commands that show places in them.
  func loadWithSources() throws(Stop) -> (rules: RuleSet, sources: SourceFiles) {
    try ready(try check())
  }

  private func ready(_ report: CheckReport) throws(Stop) -> (rules: RuleSet, sources: SourceFiles) {
    guard let ruleSet = report.loaded.ruleSet else {
      Terminal.note(report.errors(color: color.applies(to: STDERR_FILENO)))
      throw Stop(
        .rules, "the rule set in `\(rules)` has errors",
        hint: "`assay check \(rules)` shows them on standard output")
    }
    return (ruleSet, report.loaded.sources)
  }

  /// The same for running the authors' tests: what may make one of them vacuous is told.
  func loadForTests() throws(Stop) -> (rules: RuleSet, sources: SourceFiles) {
    let report = try check()
    if report.loaded.ruleSet != nil {
      Terminal.note(report.doubtsAboutTests(color: color.applies(to: STDERR_FILENO)))
    }
    return try ready(report)
  }

  /// The rules as the folder held them at a Git revision.
  func load(at revision: String) throws(Stop) -> RuleSet {
    try GitRevision(folder: rules, revision: revision).load()
      .ready(
        color, "the rule set in `\(rules)` has errors at `\(revision)`", hint: "compare with another revision"
      )
  }
}

extension LoadedRuleSet {
  /// The rules; where they have errors, these go to standard error before it stops with `message`.
  func ready(_ color: ColorChoice, _ message: String, hint: String) throws(Stop) -> RuleSet {
    if let ruleSet { return ruleSet }
    Terminal.note(rendered(color: color.applies(to: STDERR_FILENO)))
    throw Stop(.rules, message, hint: hint)
  }
}
