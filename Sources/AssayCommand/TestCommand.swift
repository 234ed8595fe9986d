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

  @OptionGroup(title: "Redis") var redis: TestRedisArguments

  func run() throws {
    let rules = try arguments.load()
    let report: TestReport
    do {
      report = try redis.runner(rules).run(filter: filter)
    } catch let failure as ArchiveFailure {
      throw Stop(
        .input, "`--redis`: \(failure.message)", hint: "see that the server serves, and run the tests again")
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

/// Windows in Redis for tests, each of which has a namespace of its own.
struct TestRedisArguments: ParsableArguments {
  @Option(
    help: """
      Run the tests over this Redis: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://. Passwords \
      come from a file (?password_file=) or from ASSAY_REDIS_PASSWORD.
      """)
  var redis: String?

  @Option(help: "How the namespaces begin; each test has a fresh one, removed at its end.")
  var namespace: String?

  @OptionGroup var settings: RedisSettings

  func validate() throws {
    if redis == nil && namespace != nil { throw ValidationError("`--namespace` needs `--redis`") }
  }

  /// A runner of tests over the windows that the arguments name.
  func runner(_ rules: RuleSet) throws(Stop) -> TestRunner {
    guard let redis else { return TestRunner(rules: rules) }
    var options = TestRunner.options
    options.hashingKey = try settings.options().hashingKey
    let engineOptions = options
    if let namespace, !rules.tests.isEmpty { try warn(redis, rules, namespace) }
    return TestRunner(rules: rules) {
      let name = RedisSession.freshName(namespace ?? "assay")
      let session = try RedisSession(url: redis, settings, rules, namespace: name, isTemporary: true)
      let engine = Engine(rules: rules, store: session.store, options: engineOptions)
      return TestWindows(decider: ChainedDecider(engine), remove: { try? session.finish() })
    }
  }

  /// Tells once what is wrong with a Redis where the namespace is chosen; each test has a session of its own.
  private func warn(_ url: String, _ rules: RuleSet, _ namespace: String) throws(Stop) {
    let session = try RedisSession(
      url: url, settings, rules, namespace: RedisSession.freshName(namespace), isTemporary: true)
    session.warn()
    session.store.close()
  }
}
