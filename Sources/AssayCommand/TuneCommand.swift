import ArgumentParser
import Glibc
import RuleSets
import Workbench

/// `assay tune RULES RULE EVENTS…`
struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Tries every value of a rule's threshold in one replay, against the truth, and proposes one.",
    discussion: """
      Of the values that keep the present precision, of all that is raised and of blocks alone (or what --precision asks \
      for), and --max-reviews-per-day where it is given, the one that catches most frauds is proposed. The windows are \
      those of the rules as they are.
      """)

  @OptionGroup var arguments: RuleArguments

  @Argument(help: "The id of the rule.")
  var rule: String

  @Argument(help: "NDJSON files, plain or gzip; - is standard input.", completion: .file())
  var events: [String]

  @OptionGroup var worth: WorthArguments

  @OptionGroup var goal: TuneArguments

  @OptionGroup var memory: MemoryArguments

  @Flag(help: "Replay the events in the order of their times; holds all lines in memory.")
  var sort = false

  @Option(help: "How to write the report: text or json.")
  var format = ReportFormat.text

  func validate() throws {
    try worth.expectOneStandardInput(among: events)
    if worth.labels == nil {
      throw ValidationError("`--labels FILE` is needed: what the events were in truth")
    }
  }

  func run() throws {
    let rules = try arguments.load()
    let target = try goal.target(of: rule, in: rules)
    guard let labels = try worth.loadLabels() else { return }
    var recorder = TuneRecorder(
      target, rules: rules, labels: labels, amountField: try worth.amountField(of: rules))
    var replay = Replay(rules: rules, bytesMax: memory.bytesMax)
    replay.look = { recorder.record($0, $1) }
    var line = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    if sort {
      try replay.run(
        SortedEvents.load(events, rules), progress: { line.show($0, of: "sorted", at: clock.now) },
        sink: { _ in })
    }
    for path in sort ? [] : events {
      try replay.run(path, progress: { line.show($0, of: path, at: clock.now) }, sink: { _ in })
    }
    line.erase()
    replay.look = nil
    let report = TuneReport(sweeping: &recorder, goal: goal.goal)
    let color = arguments.color.applies(to: STDOUT_FILENO)
    try Terminal.print(format == .text ? report.text(color: color) : report.json())
    try conclude(replay.summary, recorder.worth.labels)
  }

  /// Tells what was not read: the figures are those of the rest.
  private func conclude(_ summary: ReplaySummary, _ labels: Labels?) throws(Stop) {
    for error in summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    let color = arguments.color.applies(to: STDERR_FILENO)
    if let remarks = labels?.remarksText(color: color), !remarks.isEmpty { Terminal.note(remarks) }
    guard summary.isComplete else {
      Terminal.note(summary.badLinesText(color: color))
      throw Stop(.input)
    }
    if let labels, labels.badLineCount > 0 { throw Stop(.input) }
  }
}
