import ArgumentParser
import Workbench

/// `assay test RULES`
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs the tests that a rule set's authors wrote.",
    discussion: "Exit code 1 when a test fails.")

  @OptionGroup var arguments: RuleArguments

  @Option(help: "Only the tests whose name, rule or file contains this text.")
  var filter: String?

  @Option(help: "How to write the report: text or json.")
  var format = ReportFormat.text

  func run() throws {
    let report = TestRunner(rules: try arguments.load()).run(filter: filter)
    try Terminal.print(format == .text ? report.text() : report.json())
    if report.failureCount > 0 { throw Stop(.findings) }
    if report.results.isEmpty, let filter {
      throw Stop(
        .input, "no test matches `\(filter)`", hint: "leave `--filter` out to run all \(report.filteredCount)"
      )
    }
  }
}
