internal import Assay
internal import RuleSets

/// What a replay came to, in counts: constant memory however many events there were.
package struct ReplaySummary: Sendable, Equatable {
  /// How many bad lines are kept to be shown.
  package static let badLinesKeptMax = 20

  /// Lines that were read, empty ones left out.
  package internal(set) var lines = 0
  /// Lines that got a decision.
  package internal(set) var events = 0
  package internal(set) var allowed = 0
  package internal(set) var reviewed = 0
  package internal(set) var blocked = 0
  /// By rule id: how often a live rule fired.
  package internal(set) var ruleHits: [String: Int] = [:]
  /// By rule id: how often a shadow rule fired.
  package internal(set) var shadowHits: [String: Int] = [:]
  package internal(set) var notEvaluated: [Unanswered: Int] = [:]
  /// By code: lines that got no decision.
  package internal(set) var refused: [String: Int] = [:]
  /// The first of them.
  package internal(set) var badLines: [BadLine] = []
  package internal(set) var repeated = 0
  /// Decisions about trials (`dry_run`), which count like others here and nowhere else.
  package internal(set) var dryRuns = 0
  package internal(set) var recomputed = 0
  package internal(set) var late = 0
  package internal(set) var degraded = 0
  /// Entities that were dropped before their time because the memory for windows was too small.
  package internal(set) var evictedEntities = 0
  /// Decisions that a feature above its limit or without its whole history had a part in.
  package internal(set) var saturated = 0
  package internal(set) var warming = 0
  /// Events by field whose value is no member of its enumeration.
  package internal(set) var unlisted: [String: Int] = [:]
  /// Some of those values by field, each once; an enumeration is never sensitive.
  package private(set) var unlistedValues: [String: [String]] = [:]
  /// How many values of a field are kept, and of how many events one is looked for.
  private static let unlistedValuesMax = 3
  private static let unlistedEventsMax = 1_000
  package internal(set) var warnings: [String] = []
  /// What ended the reading of a file before its end.
  package internal(set) var inputErrors: [InputError] = []

  /// A rule without an answer, and why.
  package struct Unanswered: Sendable, Hashable {
    package let rule: String
    package let why: String
    package let field: String?

    init(_ unknown: Decision.NotEvaluated) {
      (rule, why, field) = (unknown.rule, unknown.cause.rawValue, unknown.field)
    }
  }

  /// A line of a file.
  package struct LinePlace: Sendable, Hashable {
    package let file: String
    /// From 1.
    package let number: Int
  }

  /// A line that got no decision.
  package struct BadLine: Sendable, Hashable {
    package let place: LinePlace
    package let code: String
    package let field: String?
    package let message: String
    /// For a conflict: the line that claimed the id, where that is still known.
    package internal(set) var first: LinePlace?
    /// For a line that is not JSON: where.
    package internal(set) var fault: JSONFault?
  }

  /// Lines that got no decision.
  package var badLineCount: Int { lines - events }
  /// Whether every line of every file was read and decided.
  package var isComplete: Bool { badLineCount == 0 && inputErrors.isEmpty }

  mutating func count(_ decision: borrowing Decision) {
    lines += 1
    events += 1
    switch decision.outcome {
    case .allow: allowed += 1
    case .review: reviewed += 1
    case .block: blocked += 1
    }
    for reason in decision.reasons { ruleHits[reason.rule, default: 0] += 1 }
    for hit in decision.shadow { shadowHits[hit.rule, default: 0] += 1 }
    for unknown in decision.notEvaluated { notEvaluated[Unanswered(unknown), default: 0] += 1 }
    if decision.repeated { repeated += 1 }
    if decision.dryRun { dryRuns += 1 }
    if decision.recomputed { recomputed += 1 }
    if decision.late { late += 1 }
    if decision.degraded != nil { degraded += 1 }
    if !decision.saturated.isEmpty { saturated += 1 }
    if !decision.warming.isEmpty { warming += 1 }
    for field in decision.unlisted { unlisted[field, default: 0] += 1 }
  }

  /// The fields of the decision whose values are still worth a look.
  func fieldsToLookAt(_ decision: borrowing Decision) -> [String] {
    decision.unlisted.filter { field in
      unlisted[field] ?? 0 < Self.unlistedEventsMax
        && unlistedValues[field]?.count ?? 0 < Self.unlistedValuesMax
    }
  }

  mutating func note(unlisted value: String, of field: String) {
    let known = unlistedValues[field] ?? []
    guard !known.contains(value), known.count < Self.unlistedValuesMax else { return }
    unlistedValues[field] = known + [value]
  }

  mutating func refuse(_ line: BadLine) {
    lines += 1
    keep(line)
  }
}

extension ReplaySummary: LineSummary {}
