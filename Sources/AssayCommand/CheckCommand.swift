import ArgumentParser
import Foundation
import Glibc
import Workbench

/// `assay check RULES`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads a rule set and shows what is wrong with it.",
    discussion: """
      Exit code 1 when anything is an error; warnings alone give 0.

      `sarif`, `github` and `junit` are for continuous integration: they tell paths from the folder in which the \
      command runs. `--fix` makes the edits that are beyond doubt, such as a misspelled key with one near name, as far \
      as fewer findings are left.
      """)

  @OptionGroup var arguments: RuleArguments

  @Option(help: "How to write the report: text, json, sarif, github or junit.")
  var format = CheckFormat.text

  @Option(
    help: ArgumentHelp(
      "Also show which features lose the history they have, compared with this Git revision.",
      valueName: "revision"))
  var base: String?

  @Flag(name: .shortAndLong, help: "Also list rules, features with their memory bounds, and lists.")
  var verbose = false

  @Flag(help: "Also show how many steps each rule and feature takes at most, the costliest first.")
  var cost = false

  @Flag(help: "Mend what is mechanical, show the difference, and report what is left.")
  var fix = false

  @Flag(help: "With --fix: only show the difference, change nothing.")
  var dryRun = false

  func validate() throws {
    if dryRun, !fix { throw ValidationError("`--dry-run` goes with `--fix`") }
    if fix, format != .text { throw ValidationError("`--fix` shows a difference: leave `--format` out") }
  }

  func run() throws {
    var report = try arguments.check()
    if fix { report = try mend(report) }
    report = try report.judged(against: base.map { try arguments.load(at: $0) })
    try Terminal.print(text(of: report))
    if report.hasErrors { throw Stop(.findings) }
  }

  private func text(of report: CheckReport) -> String {
    let (folder, here) = (arguments.rules, FileManager.default.currentDirectoryPath)
    switch format {
    case .text:
      return report.text(
        color: arguments.color.applies(to: STDOUT_FILENO), isVerbose: verbose, showsCost: cost)
    case .json: return report.json(showsCost: cost)
    case .sarif:
      let version = AssayCommand.configuration.version.split(separator: " ").last.map(String.init) ?? ""
      return report.sarif(folder: folder, from: here, version: version)
    case .github: return report.workflowCommands(folder: folder, from: here)
    case .junit: return report.junit(folder: folder, from: here)
    }
  }

  /// Shows and makes the edits; the report on what is left, or on what there is where nothing is to be changed.
  private func mend(_ report: CheckReport) throws -> CheckReport {
    let mending = Mending(arguments.rules, report.loaded)
    let color = arguments.color.applies(to: STDOUT_FILENO)
    try Terminal.print(mending.changes.map { $0.diff(color: color) }.joined())
    if mending.changes.isEmpty {
      Terminal.note("nothing to mend\n")
      return report
    }
    let edits = "\(mending.editCount) edit\(mending.editCount == 1 ? "" : "s")"
    if dryRun {
      Terminal.note("\(edits) would be made; without `--dry-run` they are\n")
      return report
    }
    for change in mending.changes { try change.write(below: arguments.rules) }
    Terminal.note("\(edits) made\n")
    return CheckReport(mending.loaded)
  }
}

/// How the report of a check is written.
enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, sarif, github, junit
}
