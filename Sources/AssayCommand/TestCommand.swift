import ArgumentParser
import Events
import Glibc
import RuleSets
import Workbench

/// `assay test RULES`
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs the tests that a rule set's authors wrote.",
    discussion: "Exit code 1 when a test fails, and when there is none: what has no tests was not tested.")

  @OptionGroup var arguments: RuleArguments

  @Option(help: "Only the tests whose name, rule or file contains this text.")
  var filter: String?

  @Option(help: "How to write the report: text or json.")
  var format = ReportFormat.text

  func run() throws {
    let rules = try arguments.load()
    let report = TestRunner(rules: rules).run(filter: filter)
    let isEmpty = rules.tests.isEmpty
    if !isEmpty || format == .json {
      let color = arguments.color.applies(to: STDOUT_FILENO)
      try Terminal.print(format == .text ? report.text(color: color) : report.json())
    }
    if isEmpty {
      throw Stop(.findings, "there are no tests in `\(arguments.rules)`", hint: Self.firstTest(of: rules))
    }
    if report.failureCount > 0 { throw Stop(.findings) }
    if report.results.isEmpty, let filter {
      throw Stop(
        .input, "no test matches `\(filter)`", hint: "leave `--filter` out to run all \(report.filteredCount)"
      )
    }
  }

  /// How a first test is written: of the first rule, which the author knows.
  private static func firstTest(of rules: RuleSet) -> String {
    let rule = rules.rules.first
    let type = zip(rules.schema.types, rule?.appliesToType ?? []).first { $1 }?.0 ?? rules.schema.types.first
    return """
      write one into a file of the folder `tests`, such as `tests/\(rule?.family.rawValue ?? "first").yaml`:
        tests:
          - name: what this test shows
            rule: \(rule?.id ?? "RULE")
            fires: true                                   # on the last event
            events:
              - {type: \(type ?? "TYPE"), at: 0s, repeat: 3, every: 1h, with: {FIELD: VALUE}}
              - {type: \(type ?? "TYPE"), at: 4h, with: {FIELD: VALUE}, expect: {outcome: review}}
      """
  }
}
