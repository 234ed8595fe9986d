import ArgumentParser
import Assay
import Glibc
import RuleSets
import Workbench

/// `assay explain RULES EVENTS… --event ID`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Takes one decision apart: every condition with its values, every window with its records.",
    discussion: """
      Replays the events in memory up to the first one with the id. With --bundle nothing is replayed: the decision is \
      made anew from a bundle that `assay replay --record` has written; exit code 1 when it is not the recorded one. \
      Without a folder of rules, `assay explain --bundle FILE`, the rules are those that were recorded with it. Values \
      of sensitive fields are masked.
      """)

  @Argument(
    help: "The folder of the rule set; with --bundle the rules in that file where it is left out.",
    completion: .directory)
  var rules: String?

  @Argument(help: "NDJSON files, plain or gzip; - is standard input.", completion: .file())
  var events: [String] = []

  @Option(help: "The id of the event; with --bundle only needed where the file has several.")
  var event: String?

  @Option(help: "Explain only this rule; may be given several times.")
  var rule: [String] = []

  @Option(help: "Re-evaluate a decision that was recorded in this file of bundles.", completion: .file())
  var bundle: String?

  @Option(help: "How many records of each window to show, the newest.")
  var records = 10

  @Option(help: "When to colour: auto (on a terminal, without NO_COLOR), always or never.")
  var color = ColorChoice.auto

  @Option(help: "How to write the explanation: text or json.")
  var format = ReportFormat.text

  @Option(help: "How many characters a line of text may have.")
  var width = 100

  @OptionGroup var memory: MemoryArguments

  func validate() throws {
    if bundle == nil && rules == nil {
      throw ValidationError("name the folder of the rule set, or a file of bundles with `--bundle`")
    }
    if bundle == nil && events.isEmpty {
      throw ValidationError("name the files of events, or a file of bundles with `--bundle`")
    }
    if event?.isEmpty ?? (bundle == nil) { throw ValidationError("name the event with `--event`") }
    if bundle != nil && !events.isEmpty {
      throw ValidationError("a bundle needs no events: leave the files of events out, or `--bundle`")
    }
    if events.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input (-) can be read only once")
    }
    if records < 0 { throw ValidationError("`--records` must be 0 or more") }
    if !(40...1_000).contains(width) { throw ValidationError("`--width` must be from 40 to 1000") }
  }

  func run() throws {
    if let bundle { return try explain(bundle: bundle) }
    let rules = try load(rules ?? "")
    let only = try chosenRules(rules)
    let found = try search(rules)
    try show(Explanation(found.examination, rules: rules, only: only))
  }

  private func load(_ folder: String) throws(Stop) -> RuleSet {
    var arguments = RuleArguments()
    arguments.rules = folder
    arguments.color = color
    return try arguments.load()
  }

  private func show(_ explanation: Explanation) throws(OutputError) {
    let color = color.applies(to: STDOUT_FILENO)
    try Terminal.print(
      format == .text
        ? explanation.text(width: width, color: color) : explanation.json().encoded() + "\n")
  }

  /// Nil for all rules.
  private func chosenRules(_ rules: RuleSet) throws(Stop) -> Set<String>? {
    if rule.isEmpty { return nil }
    for id in rule {
      guard let problem = RuleChoice.problem(id, in: rules) else { continue }
      throw Stop(.input, problem.message, hint: problem.hint)
    }
    return Set(rule)
  }

  private func search(_ rules: RuleSet) throws(Stop) -> EventSearch.Found {
    let id = event ?? ""
    var search = EventSearch(id, rules: rules, recordsMax: records, bytesMax: memory.bytesMax)
    var line = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)
    let clock = ContinuousClock()
    for path in events {
      let found = search.run(path) { line.show($0, of: path, at: clock.now) }
      guard let found else { continue }
      line.erase()
      // Without the events before it the windows would not be those of the decision.
      guard search.inputErrors.isEmpty else {
        tell(search.inputErrors)
        throw Stop(
          .input, "what came before `\(id)` could not be read to its end", hint: "mend or leave out that file"
        )
      }
      return found
    }
    line.erase()
    tell(search.inputErrors)
    // What was not read may hold the event.
    if !search.inputErrors.isEmpty && search.refusal == nil { throw Stop(.input) }
    let problem = search.problem
    throw Stop(.input, problem.message, hint: problem.hint)
  }

  private func tell(_ errors: [InputError]) {
    for error in errors { Terminal.note("error: \(error)\nhint: \(error.hint)\n") }
  }

  private func explain(bundle path: String) throws {
    // First the folder: where it has errors, nothing else matters.
    let own = try rules.map { folder throws(Stop) in try load(folder) }
    let found: BundleFile.Found
    do {
      found = try BundleFile.find(event, in: path)
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
    let rules = try own ?? recorded(found, path)
    let only = try chosenRules(rules)
    let evaluation: BundleEvaluation
    do {
      evaluation = try BundleEvaluation(found.bundle, rules: rules)
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
    try show(Explanation(evaluation.examination, rules: rules, only: only))
    if let remark = evaluation.remark { Terminal.note("note: \(remark)\n") }
    if evaluation.differences.isEmpty { return }
    Terminal.note(evaluation.differences.map { "difference: \($0)\n" }.joined())
    throw Stop(
      .findings, "the decision is not the recorded one",
      hint: evaluation.hint(recording: found.rules == nil ? nil : path))
  }

  /// The rules that stand in the file of bundles.
  private func recorded(_ found: BundleFile.Found, _ path: String) throws(Stop) -> RuleSet {
    let (name, version) = (found.bundle.ruleSet.name, found.bundle.ruleSet.version)
    guard let recorded = found.rules else {
      throw Stop(
        .input, "`\(path)` does not hold the rules of the bundle: \(name) \(version)",
        hint: "name the folder of the rule set before `--bundle`")
    }
    let wayOut = "to see it by rules of your own: `assay explain RULES --bundle \(path)`"
    let rules = try recorded.load()
      .ready(
        color, "the rules in `\(path)`, line \(found.rulesLine), have errors",
        hint: "the file was changed, or another version of assay wrote it; \(wayOut)")
    guard rules.version == version else {
      throw Stop(
        .input,
        "the rules in `\(path)`, line \(found.rulesLine), are not those that decided: they are \(rules.version), "
          + "the bundle was recorded under \(version)",
        hint:
          "the line was changed after it was recorded: take the file from where it was written, or \(wayOut)")
    }
    return rules
  }
}
