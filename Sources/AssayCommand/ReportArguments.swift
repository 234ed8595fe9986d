import ArgumentParser
import RuleSets
import Workbench

/// What the report of a replay is to show beside the replay itself.
struct ReportArguments: ParsableArguments {
  @Option(
    help: """
      Write a report to this file: one HTML page that needs nothing else and asks nothing of any network; - is standard \
      output.
      """,
    completion: .file())
  var html: String?

  @Option(
    help: "In the report, compare with what the rules in this folder decide about the same events.",
    completion: .directory)
  var baseline: String?

  @Option(help: "In the report, how many people review.")
  var reviewers: Int?

  @Option(help: "In the report, how many events each of them can look at in a day.")
  var reviewsADay: Int?

  @Option(
    help: ArgumentHelp(
      "In the report, what a review costs, what percentage of a fraud's amount is lost, and what a blocked honest "
        + "customer costs.", valueName: "review=2,loss=100,block=20"))
  var cost: String?

  func validate() throws {
    let given = [
      ("--baseline", baseline != nil), ("--reviewers", reviewers != nil),
      ("--reviews-a-day", reviewsADay != nil), ("--cost", cost != nil),
    ]
    if html == nil, let option = given.first(where: \.1) {
      throw ValidationError("\(option.0) says what a report shows; name its file with --html")
    }
    guard (reviewers == nil) == (reviewsADay == nil) else {
      throw ValidationError("--reviewers and --reviews-a-day belong together")
    }
    for (name, value) in [("--reviewers", reviewers), ("--reviews-a-day", reviewsADay)] {
      guard value.map({ (1...1_000_000).contains($0) }) ?? true else {
        throw ValidationError("\(name) must be a number from 1 to 1,000,000")
      }
    }
    do {
      _ = try costs()
    } catch let mistake as CostInputs.Mistake {
      throw ValidationError("--cost: \(mistake.message); \(mistake.hint)")
    }
  }

  /// What decides the same events by the rules of `--baseline`; nil without them.
  func loadBaseline(
    against rules: RuleSet, bytesMax: Int, _ color: ColorChoice
  ) throws(Stop) -> (comparison: BaselineComparison, sources: SourceFiles)? {
    guard let baseline else { return nil }
    var arguments = RuleArguments()
    (arguments.rules, arguments.color) = (baseline, color)
    let (other, sources) = try arguments.loadWithSources()
    let comparison = BaselineComparison(other, against: rules, program: Self.program, bytesMax: bytesMax)
    return (comparison, sources)
  }

  /// Looks whether the page can be written; nil for standard output, and without `--html`.
  func prepare() throws(OutputError) -> ReplacedFile? {
    guard let html, html != "-" else { return nil }
    return try ReplacedFile(preparing: html)
  }

  /// Writes the page; `labels` and `events` are the files that were read.
  func write(
    _ recorder: ReportRecorder, _ summary: ReplaySummary, to file: ReplacedFile?, events: [String],
    labels: String?
  ) throws {
    var circumstances = ReportRecorder.Circumstances(files: events, program: Self.program)
    circumstances.labelFiles = labels.map { [$0] } ?? []
    circumstances.costs = try costs()
    circumstances.capacity = capacity
    let page = ReportPage(recorder.report(summary, circumstances)).html
    if let file { try file.write(page) } else { try Terminal.print(page) }
  }

  /// The program's name and version.
  private static var program: String { AssayCommand.configuration.version }

  /// The costs that were given, or examples.
  private func costs() throws -> CostInputs { try cost.map { try CostInputs(parsing: $0) } ?? CostInputs() }

  /// What reviewers can do; nil where nobody said.
  private var capacity: ReplayReport.Capacity? {
    guard let reviewers, let reviewsADay else { return nil }
    return ReplayReport.Capacity(reviewers: reviewers, reviewsPerDay: reviewsADay)
  }
}
