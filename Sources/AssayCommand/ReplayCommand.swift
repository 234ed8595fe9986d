import ArgumentParser
import Assay
import Glibc
import RuleSets
import Workbench

/// `assay replay RULES EVENTS…`
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Decides recorded events: a decision a line on standard output, a summary on standard error.",
    discussion: """
      A bad line is reported with its number and does not end the run. Exit code 3 when there was one, or when a \
      file could not be read to its end.
      """)

  /// How decisions are written.
  enum DecisionFormat: String, ExpressibleByArgument, CaseIterable {
    case json, text
  }

  @OptionGroup var arguments: RuleArguments

  @Argument(help: "NDJSON files, plain or gzip; - is standard input.", completion: .file())
  var events: [String]

  @Flag(help: "Put every feature of the rule set into each decision, null where missing.")
  var features = false

  @Option(help: "Write the decisions to this file instead of standard output.", completion: .file())
  var decisions: String?

  @Option(help: "How to write decisions: json (NDJSON) or text (for people).")
  var format = DecisionFormat.json

  @Option(help: "How to write the summary: text or json.")
  var summary = ReportFormat.text

  @Flag(name: .shortAndLong, help: "No summary, no progress, and no warnings about Redis.")
  var quiet = false

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws {
    try redis.expectURL()
    if events.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read only once")
    }
  }

  func run() throws {
    let rules = try arguments.load()
    let options = try redis.options(allFeatures: features)
    let session = try redis.open(for: rules)
    if !quiet && redis.namespace != nil { session?.warn() }
    let degraded: Int
    do {
      degraded = try replay(rules, session, options)
    } catch {
      try? session?.finish()
      throw error
    }
    guard let session else { return }
    let cause = degraded > 0 ? session.firstDegradation() : nil
    try session.finish()
    // Windows in memory degrade by their size alone, which is the author's choice; here something went wrong.
    if degraded > 0 {
      throw Stop(
        .input,
        "\(degraded) decisions were made without all of their windows"
          + (cause.map { "; the first because \($0.message)" } ?? ""),
        hint: (cause?.hint ?? "each says why, as `degraded` and `why`; see that Redis serves")
          + "; then replay again")
    }
  }

  /// Decides all events and tells of it; gives back how many decisions are degraded.
  private func replay(_ rules: RuleSet, _ session: RedisSession?, _ options: EngineOptions) throws -> Int {
    var replay = makeReplay(rules, session, options)
    var output = try openOutput()
    let isColored = decisions == nil && arguments.color.applies(to: STDOUT_FILENO)
    var line = ProgressLine(isShown: !quiet && isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    let start = clock.now
    for path in events {
      try replay.run(
        path, progress: { line.show($0, of: path, at: clock.now) },
        idle: { () throws(OutputError) in
          // Whoever waits for a decision may give its retry to another process next.
          _ = session?.drain()
          try output.flush()
        },
        sink: { decision throws(OutputError) in try write(decision, to: &output, color: isColored) })
      // What was decided must be out before anything is said about it.
      try output.flush()
    }
    line.erase()
    if !quiet {
      let elapsed = start.duration(to: clock.now)
      let report = replay.summary
      let color = arguments.color.applies(to: STDERR_FILENO)
      Terminal.note(
        summary == .text ? report.text(elapsed: elapsed, color: color) : report.json(elapsed: elapsed) + "\n")
    }
    try conclude(replay.summary)
    return replay.summary.degraded
  }

  private func makeReplay(
    _ rules: RuleSet, _ session: RedisSession?, _ options: EngineOptions
  ) -> Replay {
    guard let session else { return Replay(rules: rules, allFeatures: features) }
    let engine = Engine(rules: rules, store: session.store, options: options)
    return Replay(rules: rules, decider: ChainedDecider(engine))
  }

  private func write(
    _ decision: borrowing Decision, to output: inout BufferedOutput, color: Bool
  ) throws(OutputError) {
    try output.write { buffer in
      switch format {
      case .json:
        decision.write(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
      case .text: buffer.append(contentsOf: decision.text(color: color).utf8)
      }
    }
  }

  private func openOutput() throws -> BufferedOutput {
    guard let decisions else { return BufferedOutput(.output) }
    if events.contains(where: { FileIdentity(of: $0) == FileIdentity(of: decisions) && $0 != "-" }),
      FileIdentity(of: decisions) != nil
    {
      throw Stop(
        .input, "`\(decisions)` is one of the files to read", hint: "name another file with `--decisions`")
    }
    return try BufferedOutput(creating: decisions)
  }

  /// Tells what was not read or decided.
  private func conclude(_ summary: ReplaySummary) throws(Stop) {
    for error in summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    guard !summary.isComplete else { return }
    if quiet, summary.badLineCount > 0 {
      let lines = summary.badLineCount == 1 ? "1 bad line" : "\(summary.badLineCount) bad lines"
      throw Stop(
        .input, lines, hint: "the summary shows them; leave `--quiet` out")
    }
    throw Stop(.input)
  }
}

/// Which file a path leads to, whatever it is called.
private struct FileIdentity: Equatable {
  let device: UInt
  let number: UInt

  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    (device, number) = (UInt(status.st_dev), UInt(status.st_ino))
  }
}
