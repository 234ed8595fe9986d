internal import Assay
package import Windows

/// What a backfill came to, in counts.
package struct BackfillSummary: Sendable, Equatable {
  /// Lines that were read, empty ones left out.
  package internal(set) var lines = 0
  /// Events whose records were appended.
  package internal(set) var appended = 0
  /// Of these, events that an earlier run had claimed and perhaps appended: they count once.
  package internal(set) var resumed = 0
  /// Events that were there already, retries in the stream among them.
  package internal(set) var known = 0
  /// Events with a decision to remember.
  package internal(set) var remembered = 0
  /// Events taken out of the windows that count accepted events.
  package internal(set) var excluded = 0
  /// Events that say `"dry_run": true`: nothing is recorded of them.
  package internal(set) var dryRuns = 0
  /// Events without a decision, where a decision file was given.
  package internal(set) var undecided = 0
  /// Events that are missing from a log, since its key holds what is not ours.
  package internal(set) var leftOut = 0
  /// What is wrong with the first of these keys.
  package internal(set) var unfit: [ArchiveFailure] = []
  /// By code: lines that were not taken in.
  package internal(set) var refused: [String: Int] = [:]
  /// The first of them.
  package internal(set) var badLines: [ReplaySummary.BadLine] = []
  package internal(set) var warnings: [String] = []
  /// What ended the reading of a file before its end.
  package internal(set) var inputErrors: [InputError] = []
  /// The last line up to which everything is in the store, but for what was left out.
  package internal(set) var reached: ReplaySummary.LinePlace?

  /// Lines that were not taken in.
  package var badLineCount: Int { refused.values.reduce(0, +) }
  /// Whether every line of every file was read and taken in.
  package var isComplete: Bool { badLineCount == 0 && leftOut == 0 && inputErrors.isEmpty }

  mutating func leaveOut(_ failure: ArchiveFailure) {
    leftOut += 1
    if unfit.count < Self.unfitKeptMax && !unfit.contains(failure) { unfit.append(failure) }
  }

  private static let unfitKeptMax = 20
}

extension BackfillSummary: LineSummary {
  /// The summary for people; `elapsed` gives the rate and is left out where it is nil.
  package func text(elapsed: Duration?, color: Bool = false) -> String {
    let paint = Paint(color: color)
    var table = SummaryTable()
    table.add("events", Pace(count: lines, elapsed: elapsed).text)
    table.add("appended", String(appended) + (resumed > 0 ? ", \(resumed) of them once more" : ""))
    table.add("there already", known)
    table.add("remembered", remembered)
    table.add("excluded", excluded)
    table.add("undecided", undecided)
    table.add("dry runs", dryRuns)
    table.add("left out", leftOut)
    addProblems(to: &table, paint, empty: lines == 0 ? "take in" : nil)
    return table.text
  }

  /// The summary as one JSON object; `elapsed` gives the rate.
  package func json(elapsed: Duration?) -> String {
    func number(_ value: Int) -> JSONValue { .number(String(value)) }
    var members: [JSONValue.Member] = [
      .init("lines", number(lines)), .init("appended", number(appended)), .init("resumed", number(resumed)),
      .init("known", number(known)), .init("remembered", number(remembered)),
      .init("excluded", number(excluded)), .init("undecided", number(undecided)),
      .init("dry_runs", number(dryRuns)), .init("left_out", number(leftOut)),
      .init("unfit", .array(unfit.map { .string($0.message) })),
      .init(
        "reached",
        reached.map { .object([.init("file", .string($0.file)), .init("line", number($0.number))]) } ?? .null),
    ]
    members += problemMembers
    members += Pace(count: lines, elapsed: elapsed).members
    return JSONValue.object(members).encoded()
  }
}
