import ArgumentParser
import Glibc
import RuleSets
import Workbench

/// `assay compare RULES OTHER EVENTS…`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Shows which decisions change from one rule set to another, and why.",
    usage: """
      assay compare RULES OTHER EVENTS ... [options]
      assay compare RULES --base REVISION EVENTS ... [options]
      """,
    discussion: """
      RULES is what decides today and OTHER what is to take its place. With --base, what decides today is RULES as it was \
      at a Git revision, and RULES as it is now takes its place. Both decide the same recorded events, each with \
      windows of its own. Exit code 1 when more changes than --max-changed allows.
      """)

  /// How the report is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown
  }

  @OptionGroup var arguments: RuleArguments

  @Argument(
    help: ArgumentHelp(
      "The other rule set, unless --base is given; then NDJSON files, plain or gzip; - is standard input.",
      valueName: "other-and-events"), completion: .file())
  var paths: [String]

  @Option(help: ArgumentHelp("Compare with RULES as it was at this Git revision.", valueName: "revision"))
  var base: String?

  @Option(
    help: ArgumentHelp(
      "Fail when more decisions change: a number, or a share such as 0.5%.", valueName: "n|p%"))
  var maxChanged: String?

  @Option(help: "How to write the report: text, json or markdown.")
  var format = Format.text

  @Option(help: "How many decisions to show of each kind of change.")
  var samples = 3

  @Flag(help: "Decide the events in the order of their times; holds all lines in memory.")
  var sort = false

  @Option(
    help: "How many characters a line of text may have. Left out: as many as the terminal has, else 100.")
  var width: Int?

  @OptionGroup var memory: MemoryArguments

  @OptionGroup(title: "Truth") var worth: WorthArguments

  private static let samplesMax = 1_000
  /// Below it tables are of no use.
  private static let widths = 40...1_000

  /// What fits the terminal, or a page.
  private var fittingWidth: Int {
    let fitting = width ?? Terminal.width(of: STDOUT_FILENO) ?? 100
    return min(max(fitting, Self.widths.lowerBound), Self.widths.upperBound)
  }

  func validate() throws {
    guard (0...Self.samplesMax).contains(samples) else {
      throw ValidationError("--samples is a number from 0 to \(Self.samplesMax)")
    }
    if let width, !Self.widths.contains(width) { throw ValidationError("--width must be from 40 to 1000") }
    if let maxChanged, ChangeLimit(maxChanged) == nil {
      throw ValidationError(
        "--max-changed is a number such as 25, or a share such as 0.5%, not '\(maxChanged)'")
    }
    if base == nil && paths.count < 2 {
      throw ValidationError("name the other rule set and the events: assay compare RULES OTHER EVENTS")
    }
    try worth.expectOneStandardInput(among: Array(events))
  }

  /// What is compared, the events aside.
  private var events: ArraySlice<String> { base == nil ? paths.dropFirst() : paths[...] }

  func run() throws {
    let (before, after) = try sides()
    let amount = worth.amount == nil ? nil : try worth.amountField(of: after.rules)
    // The labels are handed on at once: a second owner would have all of them copied at the first event.
    var comparison = RuleSetComparison(
      before: before.rules, after: after.rules, samplesMax: samples, labels: try worth.loadLabels(),
      amount: amount, bytesMax: memory.bytesMax)
    try decide(&comparison, after.rules)
    let report = ComparisonReport(
      before: before, after: after, summary: comparison.summary, limit: maxChanged.flatMap(ChangeLimit.init))
    switch format {
    case .text:
      let color = arguments.color.applies(to: STDOUT_FILENO)
      try Terminal.print(report.text(width: fittingWidth, color: color))
    case .json: try Terminal.print(report.json())
    case .markdown: try Terminal.print(report.markdown())
    }
    try conclude(report)
  }

  private func decide(_ comparison: inout RuleSetComparison, _ rules: RuleSet) throws(Stop) {
    var line = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    if sort {
      comparison.run(try SortedEvents.load(Array(events), rules)) {
        line.show($0, of: "sorted", at: clock.now)
      }
    }
    for path in sort ? [] : events {
      comparison.run(path) { line.show($0, of: path, at: clock.now) }
    }
    line.erase()
  }

  private func sides() throws(Stop) -> (before: ComparisonReport.Side, after: ComparisonReport.Side) {
    if let base {
      let now = try arguments.load()
      let then = try arguments.load(at: base)
      return (
        ComparisonReport.Side(place: "\(arguments.rules) at \(base)", rules: then),
        ComparisonReport.Side(place: arguments.rules, rules: now)
      )
    }
    let before = try arguments.load()
    let other: LoadedRuleSet
    do {
      other = try RuleFolder.load(paths[0])
    } catch {
      throw Stop(.rules, error.description, hint: error.hint)
    }
    return (
      ComparisonReport.Side(place: arguments.rules, rules: before),
      ComparisonReport.Side(place: paths[0], rules: try usable(other, at: paths[0]))
    )
  }

  private func usable(_ loaded: LoadedRuleSet, at place: String) throws(Stop) -> RuleSet {
    guard let rules = loaded.ruleSet else {
      Terminal.note(loaded.rendered(color: arguments.color.applies(to: STDERR_FILENO)))
      throw Stop(.rules, "the rule set in `\(place)` has errors", hint: "mend it before it is compared")
    }
    return rules
  }

  private func conclude(_ report: ComparisonReport) throws(Stop) {
    let summary = report.summary
    for error in summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    if let nothing = summary.takesNothing {
      let side = nothing.isBefore ? report.before : report.after
      throw Stop(
        .input, "`\(side.place)` takes none of these events (\(nothing.code)): nothing was compared",
        hint: "compare rule sets that have one schema, over events of that schema")
    }
    guard summary.isComplete else {
      if summary.badLineCount > 0 {
        let lines = summary.badLineCount == 1 ? "1 line is" : "\(summary.badLineCount) lines are"
        throw Stop(.input, "\(lines) no event of either rule set")
      }
      throw Stop(.input)
    }
    if let bad = summary.truth?.badLabelCount, bad > 0 {
      throw Stop(.input, "\(bad == 1 ? "1 line" : "\(bad) lines") of the labels say nothing of an event")
    }
    if report.exceedsLimit { throw Stop(.findings) }
  }
}
