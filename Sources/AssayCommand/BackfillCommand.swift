import ArgumentParser
import Assay
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// `assay backfill RULES EVENTS… --redis URL`
struct BackfillCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill",
    abstract: "Puts a recorded history into windows in Redis, without deciding.",
    usage: "assay backfill <rules> <events> ... --redis <redis> [<options>]",
    discussion: """
      Claims the ids of the events and appends their records, so that live decisions begin with full windows. Run again, \
      also after it was stopped, it counts nothing twice. With --decisions, retries of these events get the decisions \
      of the file, and blocked ones leave windows that count accepted events. Nothing is appended to a key that holds \
      what is not a log. Exit code 3 when a line was bad, a file could not be read to its end, or Redis did not take \
      everything.
      """)

  @OptionGroup var arguments: RuleArguments

  @Argument(help: "NDJSON files, plain or gzip; - is standard input.", completion: .file())
  var events: [String]

  @Option(help: "The decisions for these events, as replay writes them.", completion: .file())
  var decisions: String?

  @Option(help: "How to write the summary: text or json.")
  var summary = ReportFormat.text

  @Flag(name: .shortAndLong, help: "No summary, no progress, and no warnings about Redis.")
  var quiet = false

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func validate() throws {
    try redis.require()
    if (events + [decisions ?? ""]).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read only once")
    }
  }

  func run() throws {
    let rules = try arguments.load()
    let options = try redis.options()
    let decided = try openDecisions()
    let session = try redis.openShared(for: rules)
    if !quiet { session.warn() }
    let engine = Engine(rules: rules, store: session.store, options: options)
    var backfill = Backfill(rules: rules, recording: ArchiveRecording(engine), decisions: decided)
    let elapsed = try takeIn(&backfill)
    if !quiet {
      let report = backfill.summary
      let color = arguments.color.applies(to: STDERR_FILENO)
      Terminal.note(
        summary == .text ? report.text(elapsed: elapsed, color: color) : report.json(elapsed: elapsed) + "\n")
    }
    try session.finish()
    for error in backfill.summary.inputErrors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
    for failure in backfill.summary.unfit {
      let hint = failure.hint.map { "\($0); " } ?? ""
      Terminal.note(
        "error: `--redis`: \(failure.message)\nhint: \(hint)where nobody needs the key, remove it and run the command "
          + "again\n")
    }
    if !backfill.summary.isComplete { throw Stop(.input) }
  }

  private func openDecisions() throws(Stop) -> RecordedDecisions? {
    do {
      return try decisions.map { path throws(InputError) in try RecordedDecisions(opening: path) }
    } catch {
      throw Stop(.input, "`--decisions`: \(error)", hint: "name a file that `assay replay` wrote")
    }
  }

  /// Takes all files in; tells how far it came where Redis fails.
  private func takeIn(_ backfill: inout Backfill) throws(Stop) -> Duration {
    let clock = ContinuousClock()
    let start = clock.now
    var line = ProgressLine(isShown: !quiet && isatty(STDERR_FILENO) == 1)
    do {
      for path in events { try backfill.run(path) { line.show($0, of: path, at: clock.now) } }
    } catch {
      line.erase()
      let reached = backfill.summary.reached.map { "everything up to \($0.file):\($0.number) is there" }
      throw Stop(
        .input, "`--redis`: \(error.message); " + (reached ?? "nothing of it is known to be there"),
        hint: (error.hint.map { "\($0); then " } ?? "") + "run the command again: what is there counts once")
    }
    line.erase()
    backfill.conclude()
    return start.duration(to: clock.now)
  }
}
