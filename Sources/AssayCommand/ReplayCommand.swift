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

  @Flag(help: "Decide the events in the order of their times; holds all lines in memory.")
  var sort = false

  @Flag(help: "Put every feature of the rule set into each decision, null where missing.")
  var features = false

  @Option(help: "Write the decisions to this file instead of standard output.", completion: .file())
  var decisions: String?

  @Option(
    help: """
      Write a bundle of each decision to this file, which `assay explain --bundle` re-evaluates: it holds the events, \
      sensitive values included, and only its owner may read it.
      """, completion: .file())
  var record: String?

  @Option(
    help:
      "Record only decisions with this outcome (allow, review, block) or this rule among those that fired.")
  var recordOnly: [String] = []

  @Option(help: "How to write decisions: json (NDJSON) or text (for people).")
  var format = DecisionFormat.json

  @Option(help: "How to write the summary: text or json.")
  var summary = ReportFormat.text

  @Flag(name: .shortAndLong, help: "No summary, no progress, and no warnings about Redis.")
  var quiet = false

  @OptionGroup(title: "Truth") var worth: WorthArguments

  @OptionGroup(title: "Report") var report: ReportArguments

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws {
    try redis.expectURL()
    try worth.expectOneStandardInput(among: events)
    if worth.amount != nil, worth.labels == nil, report.html == nil {
      throw ValidationError("`--amount` needs `--labels` or `--html`")
    }
    if record == nil, !recordOnly.isEmpty {
      throw ValidationError("`--record-only` needs `--record`")
    }
    if record != nil, redis.redis != nil {
      throw ValidationError("`--record` works with windows in memory: leave Redis out")
    }
  }

  func run() throws {
    let rules = try arguments.load()
    let bundles = try openBundles(rules)
    let options = try redis.options(allFeatures: features)
    let session = try redis.open(for: rules)
    if !quiet && redis.namespace != nil { session?.warn() }
    let degraded: Int
    do {
      degraded = try replay(rules, session, options, bundles)
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
  private func replay(
    _ rules: RuleSet, _ session: RedisSession?, _ options: EngineOptions, _ bundles: BundleWriter?
  ) throws -> Int {
    // Made here and not handed in: a second owner would have all labels copied at the first event.
    var recorder = try makeRecorder(rules)
    var page = try makeReport(rules, &recorder)
    var replay = makeReplay(rules, session, options)
    if page != nil {
      replay.look = { page?.record($0, $1) }
    } else if recorder != nil {
      replay.look = { recorder?.record($0, $1) }
    }
    if let bundles {
      replay.recorder = { examination, line throws(OutputError) in try bundles.write(examination, line) }
    }
    var output = try openOutput()
    let isColored = decisions == nil && arguments.color.applies(to: STDOUT_FILENO)
    var line = ProgressLine(isShown: !quiet && isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    let start = clock.now
    if sort {
      try replay.run(
        SortedEvents.load(events, rules), progress: { line.show($0, of: "sorted", at: clock.now) },
        sink: { decision throws(OutputError) in try write(decision, to: &output, color: isColored) })
      try output.flush()
    }
    for path in sort ? [] : events {
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
    try bundles?.finish()
    line.erase()
    if let page {
      if worth.labels != nil { recorder = page.worth }
      try report.write(page, replay.summary, events: events, labels: worth.labels)
    }
    if !quiet {
      let elapsed = start.duration(to: clock.now)
      tell(replay.summary, recorder, elapsed)
    }
    try conclude(replay.summary, recorder?.labels)
    return replay.summary.degraded
  }

  /// What the report needs, which takes the place of `recorder`; nil without `--html`.
  private func makeReport(_ rules: RuleSet, _ recorder: inout WorthRecorder?) throws -> ReportRecorder? {
    guard let html = report.html else { return nil }
    try refuseInput(html, "--html")
    let baseline = try report.decideBaseline(events, arguments.color, isQuiet: quiet)
    let worth = try recorder ?? WorthRecorder(rules: rules, amountField: worth.amountField(of: rules))
    recorder = nil
    return ReportRecorder(rules: rules, worth: worth, baseline: baseline)
  }

  private func makeRecorder(_ rules: RuleSet) throws -> WorthRecorder? {
    let field = try worth.amountField(of: rules)
    return try worth.loadLabels().map { WorthRecorder(rules: rules, labels: $0, amountField: field) }
  }

  private func tell(_ report: ReplaySummary, _ recorder: WorthRecorder?, _ elapsed: Duration) {
    let color = arguments.color.applies(to: STDERR_FILENO)
    switch summary {
    case .text:
      Terminal.note(report.text(elapsed: elapsed, color: color) + (recorder?.text(color: color) ?? ""))
    case .json:
      Terminal.note(report.json(elapsed: elapsed, further: [recorder?.json].compactMap { $0 }) + "\n")
    }
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
    try refuseInput(decisions, "--decisions")
    return try BufferedOutput(creating: decisions)
  }

  private func openBundles(_ rules: RuleSet) throws -> BundleWriter? {
    guard let record else { return nil }
    let filter: BundleFilter
    do {
      filter = try BundleFilter(recordOnly, rules: rules)
    } catch {
      throw Stop(.input, "`--record-only`: \(error.message)", hint: error.hint)
    }
    try refuseInput(record, "--record")
    if let decisions, decisions == record {
      throw Stop(
        .input, "decisions and bundles cannot go to one file", hint: "name another file with `--record`")
    }
    return try BundleWriter(creating: record, rules: rules, allFeatures: features, filter: filter)
  }

  /// A file that is written must not be one that is read.
  private func refuseInput(_ path: String, _ option: String) throws(Stop) {
    guard let identity = FileIdentity(of: path) else { return }
    if (events + [worth.labels].compactMap { $0 }).contains(where: {
      $0 != "-" && FileIdentity(of: $0) == identity
    }) {
      throw Stop(.input, "`\(path)` is one of the files to read", hint: "name another file with `\(option)`")
    }
  }

  /// Tells what was not read or decided.
  private func conclude(_ summary: ReplaySummary, _ labels: Labels?) throws(Stop) {
    for error in summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    if summary.isComplete, labels?.badLineCount ?? 0 == 0 { return }
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
