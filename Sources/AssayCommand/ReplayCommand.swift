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
      Write a bundle of each decision to this file, which `assay explain --bundle` re-evaluates: it holds the rules \
      and the events, sensitive values included, and only its owner may read it.
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

  @OptionGroup var memory: MemoryArguments

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
    try expectOneStandardOutput()
  }

  func run() throws {
    let (rules, sources) = try arguments.loadWithSources()
    let baseline = try report.loadBaseline(against: rules, bytesMax: memory.bytesMax, arguments.color)
    try expectFilesApart(sources, baseline?.sources)
    let filter = try bundleFilter(rules)
    let options = try redis.options(allFeatures: features)
    let session = try redis.open(for: rules)
    if !quiet && redis.namespace != nil { session?.warn() }
    let degraded: Int
    do {
      degraded = try replay(rules, baseline?.comparison, session, options, filter, sources)
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
    _ rules: RuleSet, _ baseline: BaselineComparison?, _ session: RedisSession?, _ options: EngineOptions,
    _ filter: BundleFilter?, _ sources: SourceFiles
  ) throws -> Int {
    // Before the labels are read: what cannot be written is told at once.
    let bundles = try openBundles(rules, sources, filter)
    var output = try openDecisions()
    let file = try report.prepare()
    // Made here and not handed in: a second owner would have all labels copied at the first event.
    var recorder = try makeRecorder(rules)
    var page = try makeReport(rules, &recorder, baseline)
    var replay = makeReplay(rules, session, options)
    if page?.isComparing == true { replay.beforehand = { page?.decideByBaseline($0) } }
    var kind: EventKind?
    let isText = format == .text
    if isText || page != nil || recorder != nil {
      replay.look = { event, decision in
        if isText { kind = EventKind(event, rules) }
        if page != nil { page?.record(event, decision) } else { recorder?.record(event, decision) }
      }
    }
    if let bundles {
      replay.recorder = { decided, line throws(OutputError) in try bundles.write(decided, line) }
    }
    let isColored = decisionsFile == nil && arguments.color.applies(to: STDOUT_FILENO)
    var line = ProgressLine(isShown: !quiet && isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    let start = clock.now
    if sort {
      try replay.run(
        SortedEvents.load(events, rules), progress: { line.show($0, of: "sorted", at: clock.now) },
        sink: { decision throws(OutputError) in try write(decision, kind, to: &output, color: isColored) })
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
        sink: { decision throws(OutputError) in try write(decision, kind, to: &output, color: isColored) })
      // What was decided must be out before anything is said about it.
      try output.flush()
    }
    // A run that found nothing to read leaves the files as they were.
    let hasRead = replay.summary.lines > 0 || replay.summary.inputErrors.isEmpty
    if hasRead {
      try output.finish()
      try bundles?.finish()
    }
    line.erase()
    for warning in bundles?.warnings ?? [] { Terminal.note("warning: `--record`: \(warning)\n") }
    if let page, worth.labels != nil { recorder = page.worth }
    if let page, hasRead {
      try report.write(page, replay.summary, to: file, events: events, labels: worth.labels)
    }
    if !quiet {
      let elapsed = start.duration(to: clock.now)
      tell(replay.summary, recorder, elapsed)
    }
    try conclude(replay.summary, recorder?.labels)
    return replay.summary.degraded
  }

  /// What the report needs, which takes the place of `recorder`; nil without `--html`.
  private func makeReport(
    _ rules: RuleSet, _ recorder: inout WorthRecorder?, _ baseline: BaselineComparison?
  ) throws -> ReportRecorder? {
    guard report.html != nil else { return nil }
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
    guard let session else {
      return Replay(rules: rules, allFeatures: features, bytesMax: memory.bytesMax)
    }
    let engine = Engine(rules: rules, store: session.store, options: options)
    return Replay(rules: rules, decider: ChainedDecider(engine))
  }

  private func write(
    _ decision: borrowing Decision, _ kind: EventKind?, to output: inout BufferedOutput, color: Bool
  ) throws(OutputError) {
    try output.write { buffer in
      switch format {
      case .json:
        decision.write(to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
      case .text: buffer.append(contentsOf: decision.text(kind, color: color).utf8)
      }
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
