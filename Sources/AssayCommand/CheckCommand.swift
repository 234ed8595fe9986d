import ArgumentParser
import Glibc
import Workbench

/// `assay check RULES`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Reads a rule set and shows what is wrong with it.",
    discussion: "Exit code 1 when anything is an error; warnings alone give 0.")

  @OptionGroup var arguments: RuleArguments

  @Option(help: "How to write the report: text or json.")
  var format = ReportFormat.text

  @Flag(name: .shortAndLong, help: "Also list rules, features with their memory bounds, and lists.")
  var verbose = false

  @Flag(help: "Also show how many steps each rule and feature takes at most, the costliest first.")
  var cost = false

  func run() throws {
    let report = try arguments.check()
    switch format {
    case .text:
      let color = arguments.color.applies(to: STDOUT_FILENO)
      try Terminal.print(report.text(color: color, isVerbose: verbose, showsCost: cost))
    case .json: try Terminal.print(report.json(showsCost: cost))
    }
    if report.hasErrors { throw Stop(.findings) }
  }
}
