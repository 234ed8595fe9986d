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
      Of the values that keep the present precision (or what --precision and --max-reviews-per-day ask for) the one that \
      catches most frauds is proposed. The windows are those of the rules as they are.
      """)

  @OptionGroup var arguments: RuleArguments

  @Argument(help: "The id of the rule.")
  var rule: String

  @Argument(help: "NDJSON files, plain or gzip; - is standard input.", completion: .file())
  var events: [String]

  @OptionGroup var worth: WorthArguments

  @Option(help: "Which of the rule's comparisons, by its number from 1.")
  var condition: Int?

  @Option(help: "Which of the rule's comparisons, by what it compares.")
  var feature: String?

  @Option(help: "The precision of all rules together to keep, from 0 to 1.")
  var precision: Double?

  @Option(help: "Reviews of a day that there is time for, on average.")
  var maxReviewsPerDay: Double?

  @Flag(help: "Replay the events in the order of their times; holds all lines in memory.")
  var sort = false

  @Option(help: "How to write the report: text or json.")
  var format = ReportFormat.text

  func validate() throws {
    try worth.expectOneStandardInput(among: events)
    if worth.labels == nil {
      throw ValidationError("`--labels FILE` is needed: what the events were in truth")
    }
    if condition != nil, feature != nil {
      throw ValidationError("give `--condition` or `--feature`, not both")
    }
    if let precision, !(0...1).contains(precision) {
      throw ValidationError("`--precision` is a share from 0 to 1")
    }
    if let maxReviewsPerDay, !(0...1e9).contains(maxReviewsPerDay) {
      throw ValidationError("`--max-reviews-per-day` is a number of at least 0")
    }
  }

  func run() throws {
    let rules = try arguments.load()
    let target = try target(rules)
    guard let labels = try worth.loadLabels() else { return }
    var recorder = TuneRecorder(
      target, rules: rules, labels: labels, amountField: try worth.amountField(of: rules))
    var replay = Replay(rules: rules)
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
    let goal = TuneGoal(precision: precision, reviewsPerDayMax: maxReviewsPerDay)
    let report = TuneReport(sweeping: &recorder, goal: goal)
    let color = arguments.color.applies(to: STDOUT_FILENO)
    try Terminal.print(format == .text ? report.text(color: color) : report.json())
    try conclude(replay.summary, recorder.worth.labels)
  }

  private func target(_ rules: RuleSet) throws(Stop) -> TuneTarget {
    do {
      return try TuneTarget(rule: rule, condition: condition, feature: feature, in: rules)
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
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
