import ArgumentParser
import Assay
import Glibc
import RedisWindows
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

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws { try redis.expectURL() }

  func run() throws {
    let rules = try arguments.load()
    let report: TestReport
    do {
      report = try redis.runner(rules).run(filter: filter)
    } catch let failure as ArchiveFailure {
      throw Stop(
        .input, "`--redis`: \(failure.message)",
        hint: "\(failure.hint ?? "see that the server serves"); then run the tests again")
    }
    let isEmpty = rules.tests.isEmpty
    if !isEmpty || format == .json {
      let color = arguments.color.applies(to: STDOUT_FILENO)
      try Terminal.print(format == .text ? report.text(color: color) : report.json())
    }
    if isEmpty {
      throw Stop(.findings, "there are no tests in `\(arguments.rules)`", hint: FirstTest.text(for: rules))
    }
    if report.failureCount > 0 { throw Stop(.findings) }
    if report.results.isEmpty, let filter {
      throw Stop(
        .input, "no test matches `\(filter)`", hint: "leave `--filter` out to run all \(report.filteredCount)"
      )
    }
  }
}

extension RedisArguments {
  /// A runner of tests over the windows that the arguments name: each has a namespace of its own, removed at its end.
  fileprivate func runner(_ rules: RuleSet) throws(Stop) -> TestRunner {
    if redis == nil { return TestRunner(rules: rules) }
    let key = try hashingKey()
    if namespace != nil, !rules.tests.isEmpty {
      // Tells once what is wrong there; each test has a session of its own.
      let session = try openForOneTest(rules)
      session.warn()
      session.close()
    }
    return TestRunner(rules: rules) {
      let session = try openForOneTest(rules)
      var options = TestRunner.options
      options.hashingKey = key
      let engine = Engine(rules: rules, store: session.store, options: options)
      return TestWindows(
        decider: ChainedDecider(engine), remove: { try? session.finish() },
        remedy: { session.firstDegradation()?.hint })
    }
  }

  private func openForOneTest(_ rules: RuleSet) throws(Stop) -> RedisSession {
    let (prefix, suffixBytesMax) = (namespace ?? "assay", 16)
    guard prefix.utf8.count <= RedisConfiguration.namespaceBytesMax - suffixBytesMax else {
      throw Stop(
        .input,
        "`--namespace`: the tests' namespaces begin with at most "
          + "\(RedisConfiguration.namespaceBytesMax - suffixBytesMax) bytes, these are \(prefix.utf8.count)",
        hint: "choose a shorter one")
    }
    let name = RedisSession.freshName(prefix)
    guard let configuration = try configuration(for: rules, namespace: name) else {
      throw Stop(.input, "`--redis` is needed", hint: "say where the windows are")
    }
    return try RedisSession(configuration, isTemporary: true)
  }
}
