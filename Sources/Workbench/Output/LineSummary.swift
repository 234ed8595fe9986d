internal import Assay

/// What the summaries of replay and backfill have in common: lines that were not taken, and what is to be said of files.
protocol LineSummary {
  /// By code: lines that were not taken.
  var refused: [String: Int] { get set }
  /// The first of them.
  var badLines: [ReplaySummary.BadLine] { get set }
  /// How many there were.
  var badLineCount: Int { get }
  var warnings: [String] { get }
  /// What ended the reading of a file before its end.
  var inputErrors: [InputError] { get }
}

extension LineSummary {
  /// Whether a bad line to come is one of those that are kept.
  var keepsBadLines: Bool { badLines.count < ReplaySummary.badLinesKeptMax }

  /// Counts a bad line, and keeps it if it is one of the first.
  mutating func keep(_ line: ReplaySummary.BadLine) {
    refused[line.code, default: 0] += 1
    if keepsBadLines { badLines.append(line) }
  }

  /// The rows and remarks that stand last; `empty` says what an empty input lacks, nil where it was not empty.
  func addProblems(to table: inout SummaryTable, _ paint: Paint, empty: String?) {
    table.add("bad lines", refused.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    for line in badLines { table.add(remark: line.text(paint)) }
    if badLines.contains(where: { $0.fault?.isMasked ?? false }) {
      table.add(
        remark: "\(paint("note", .strong)): values are masked in these excerpts: `…` is a text in quotes, "
          + "`a` a letter and `0` a digit outside of quotes")
    }
    if badLineCount > badLines.count {
      table.add(remark: "and \(badLineCount - badLines.count) more bad lines")
    }
    for warning in warnings { table.add(remark: "\(paint("warning", .caution)): \(warning)") }
    if let empty, inputErrors.isEmpty {
      table.add(remark: "\(paint("note", .strong)): there were no events to \(empty): the input is empty")
    }
  }

  /// The same as members of a JSON object.
  var problemMembers: [JSONValue.Member] {
    [
      .init(
        "refused",
        .object(refused.sorted { $0.key < $1.key }.map { .init($0.key, .number(String($0.value))) })),
      .init("bad_lines", .array(badLines.map(\.json))),
      .init("warnings", .array(warnings.map { .string($0) })),
      .init("input_errors", .array(inputErrors.map { .string($0.description) })),
    ]
  }
}
