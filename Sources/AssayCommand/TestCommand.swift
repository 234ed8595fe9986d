import ArgumentParser
import Assay
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// `assay test RULES [EVENTS…]`
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs the tests that a rule set's authors wrote.",
    discussion: """
      With EVENTS the recorded stream is replayed, too, and compared with what `tests/streams.yaml` expects of it.

      Exit code 1 when a test fails, and when there is none: what has no tests was not tested. Mutants that no test \
      notices are listed and are no failure, unless --mutants-min says how many must be noticed.
      """)

  /// How reports are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, junit
  }

  @OptionGroup var arguments: RuleArguments

  @Argument(
    help: "NDJSON files, plain or gzip, of one recorded stream; - is standard input.", completion: .file())
  var events: [String] = []

  @Option(
    help: "What the stream must come to, instead of the rule set's `tests/streams.yaml`.", completion: .file()
  )
  var expect: String?

  @Option(
    help: """
      Only the tests whose name, rule or file contains this text; with --mutants the mutants of rules, features or \
      files whose name does.
      """)
  var filter: String?

  @Option(help: "How to write the report: text, json or junit (XML for build servers).")
  var format = Format.text

  @Flag(help: "Run the tests again whenever a file of the rule set is saved, until Ctrl-C.")
  var watch = false

  @Flag(help: "Tell which rules, and which answers of each condition, no test exercises.")
  var coverage = false

  @Flag(help: "Change one thing at a time by a notch, and list the changes that no test notices.")
  var mutants = false

  @Option(help: "With --mutants: exit code 1 where less than this part of the mutants is noticed; percent.")
  var mutantsMin: Double?

  @Option(help: "With --mutants: try at most so many, evenly spread.")
  var max: Int?

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws {
    try redis.expectURL()
    if !mutants, mutantsMin != nil || max != nil {
      throw ValidationError("--mutants-min and --max belong to --mutants")
    }
    if mutants, redis.redis != nil { throw ValidationError("mutants are tried in memory: leave --redis out") }
    if mutants, coverage { throw ValidationError("--coverage and --mutants are asked for one at a time") }
    if coverage, filter != nil { throw ValidationError("--coverage is about all tests: leave --filter out") }
    if mutants, watch { throw ValidationError("--watch runs the tests: leave --mutants out") }
    if mutants, format == .junit {
      throw ValidationError("mutants are reported as text or json, not as junit")
    }
    if mutants, !events.isEmpty {
      throw ValidationError("mutants are tried on the authors' tests: leave EVENTS out")
    }
    if let mutantsMin, !(0...100).contains(mutantsMin) {
      throw ValidationError("--mutants-min is a percentage from 0 to 100")
    }
    if let max, max < 1 { throw ValidationError("--max is at least 1") }
    if expect != nil, events.isEmpty {
      throw ValidationError("--expect says what EVENTS must come to: name them")
    }
    if events.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read only once")
    }
    if watch, events.contains("-") {
      throw ValidationError("standard input (-) can be read only once: leave --watch out")
    }
  }

  func run() throws {
    if watch { return try runAgainAndAgain() }
    let loaded = try arguments.loadForTests()
    if mutants { return try runMutants(loaded) }
    try runTests(loaded)
  }

  /// Ends with the signal of Ctrl-C, or when nobody reads.
  private func runAgainAndAgain() throws {
    var folder = FolderWatch(arguments.rules)
    while true {
      if isatty(STDOUT_FILENO) == 1 { try Terminal.print(Terminal.cleared) }
      do {
        try runTests(try arguments.loadForTests())
      } catch let stop as Stop {
        if let message = stop.message { Terminal.note("error: \(message)\n") }
        if let hint = stop.hint { Terminal.note("hint: \(hint)\n") }
      }
      Terminal.note("watching `\(arguments.rules)`, Ctrl-C ends\n")
      folder.waitForChange()
    }
  }

  private func runTests(_ loaded: (rules: RuleSet, sources: SourceFiles)) throws {
    let rules = loaded.rules
    var report: TestReport
    do {
      report = try redis.runner(rules).run(filter: filter)
    } catch let failure as ArchiveFailure {
      throw Stop(
        .input, "`--redis`: \(failure.message)",
        hint: "\(failure.hint ?? "see that the server serves"); then run the tests again")
    }
    let stream = try events.isEmpty ? nil : runStream(rules)
    if let stream, stream.isComplete { report.add(stream.results) }
    if coverage { report.coverage = CoverageRun(rules, sources: loaded.sources).run() }
    let isEmpty = rules.tests.isEmpty && stream == nil
    if !isEmpty || format != .text { try write(report) }
    if let stream, !stream.isComplete { throw Stop(.input) }
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

  private func write(_ report: TestReport) throws {
    switch format {
    case .text: try Terminal.print(report.text(color: arguments.color.applies(to: STDOUT_FILENO)))
    case .json: try Terminal.print(report.json())
    case .junit: try Terminal.print(report.junit())
    }
  }
}

extension TestCommand {
  /// Replays the stream and compares; bad lines are told and make the answer worthless.
  private func runStream(_ rules: RuleSet) throws -> (results: [TestResult], isComplete: Bool) {
    var test = StreamTest(try streamExpectations(rules))
    var replay = Replay(rules: rules)
    for path in events {
      try replay.run(path) { decision in test.take(decision) }
    }
    let summary = replay.summary
    for error in summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    if summary.badLineCount > 0 {
      let lines = summary.badLineCount == 1 ? "1 bad line" : "\(summary.badLineCount) bad lines"
      let all = ([arguments.rules] + events).joined(separator: " ")
      Terminal.note("error: \(lines) in the stream\nhint: `assay replay \(all)` shows them\n")
    }
    for warning in test.warnings { Terminal.note("warning: \(warning)\n") }
    return (test.results, summary.isComplete)
  }

  private func streamExpectations(_ rules: RuleSet) throws(Stop) -> StreamExpectations {
    guard let expect else {
      if let streams = rules.streams { return streams }
      throw Stop(
        .input, "nothing says what the stream must come to",
        hint:
          "write `tests/streams.yaml`, such as `rules: {\(rules.rules.first?.id ?? "RULE"): {at_least: 1}}`, "
          + "or name a file with `--expect`")
    }
    let color = arguments.color.applies(to: STDERR_FILENO)
    let (expectations, findings) = StreamExpectations.load(expect, for: rules, color: color)
    Terminal.note(findings)
    guard let expectations else { throw Stop(.input, "`\(expect)` has errors") }
    return expectations
  }

  /// Mutants tell something only where the tests pass on the original.
  private func runMutants(_ loaded: (rules: RuleSet, sources: SourceFiles)) throws {
    let color = arguments.color.applies(to: STDOUT_FILENO)
    let report = try TestRunner(rules: loaded.rules).run()
    guard report.failureCount == 0 else {
      Terminal.note(report.text())
      throw Stop(.findings, "mutants are tried where all tests pass", hint: "mend the tests above first")
    }
    let mutants = MutantRun(loaded.rules, sources: loaded.sources).run(filter: filter, max: max)
    if mutants.tried == 0, let filter {
      throw Stop(
        .input, "no rule, feature or file with a mutant matches `\(filter)`",
        hint: "leave `--filter` out to try all")
    }
    try Terminal.print(format == .json ? mutants.json() : mutants.text(color: color))
    if let mutantsMin, mutants.percent < mutantsMin {
      throw Stop(.findings, "\(mutants.shownPercent) % of the mutants are noticed, less than \(mutantsMin) %")
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
    return TestRunner(rules: rules) { rules in
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
