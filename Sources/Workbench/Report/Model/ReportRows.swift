package import RuleSets

extension ReplayReport {
  /// One rule and what it did.
  package struct RuleRow: Sendable {
    package var id: String
    package var title: String
    package var family: String
    package var isShadow: Bool
    package var score: Int
    package var decide: Outcome?
    /// Events of the types that it looks at.
    package var events = 0
    /// Events on which it fired.
    package var hits = 0
    /// Those of them that are known to be fraud, and to be honest.
    package var frauds = 0
    package var honest = 0
    /// By currency: minor units of the fraud among its hits, or of all hits where there are no labels.
    package var amounts: [Int128] = []
    /// Frauds that only this rule flags: without it they would pass.
    package var marginalFrauds = 0
    /// Events, frauds or not, that only this rule flags.
    package var marginalHits = 0
    package var marginalAmounts: [Int128] = []
    /// Events for which it had no answer.
    package var unanswered = 0
    /// By index into `DayTable.days`.
    package var hitsByDay: [Int] = []

    package init(id: String, title: String, family: String, isShadow: Bool, score: Int, decide: Outcome?) {
      (self.id, self.title, self.family) = (id, title, family)
      (self.isShadow, self.score, self.decide) = (isShadow, score, decide)
    }
  }

  /// Decisions by day of the events' own time, in UTC.
  package struct DayTable: Sendable {
    /// Days since 1970, ascending; days without an event between two others are here, with nothing.
    package var days: [Int] = []
    /// Events on days that found no place.
    package var eventsLeftOut = 0
    /// What thresholds look at, by day.
    package var cells: [Cell] = []

    /// No day yet.
    package init() {}

    /// Decisions of one day that are alike.
    package struct Cell: Sendable, Equatable {
      /// Index into `days`.
      package var day: Int
      package var score: Int
      package var floor: Outcome
      package var isExcused: Bool
      package var count: Int

      package init(day: Int, score: Int, floor: Outcome, isExcused: Bool, count: Int) {
        (self.day, self.score, self.floor) = (day, score, floor)
        (self.isExcused, self.count) = (isExcused, count)
      }
    }
  }

  /// How often two rules fire on the same event.
  package struct Overlap: Sendable {
    /// Indices into `rules` of those that are shown, the most frequent first.
    package var rules: [Int] = []
    /// By two positions in `rules`: events on which both fired; on the diagonal those of one.
    package var counts: [[Int]] = []

    /// No rule yet.
    package init() {}
  }

  /// What other rules decide about the same events.
  package struct DecisionChanges: Sendable {
    package var baseline: Identity
    /// By outcome under the baseline and outcome now.
    package var cells: [[Cell]] = Array(repeating: Array(repeating: Cell(), count: 3), count: 3)
    /// The same outcome by another score.
    package var rescored = 0
    /// Who is responsible for changes, the one with the most first; a change counts with each that has a part in it.
    package var parties: [Party] = []
    /// The first decisions that changed, the gravest kinds first.
    package var samples: [Sample] = []
    /// What both catch, against the labels; empty without them.
    package var worth: [ComparisonWorth.Row] = []
    /// Events that one of the two refused.
    package var refusedByOne = 0

    /// No decision yet.
    package init(baseline: Identity) { self.baseline = baseline }

    /// Events with one outcome before and one now.
    package struct Cell: Sendable, Equatable {
      package var count = 0
      package var frauds = 0
      /// Minor units by currency.
      package var amounts: [Int128] = []

      package init(count: Int = 0, frauds: Int = 0, amounts: [Int128] = []) {
        (self.count, self.frauds, self.amounts) = (count, frauds, amounts)
      }
    }

    /// A rule, the thresholds or the breaker.
    package struct Party: Sendable {
      package var name: String
      /// What of it changed.
      package var cause: String
      package var changes: [(change: OutcomeChange, count: Int)]
      package var count: Int { changes.reduce(0) { $0 + $1.count } }

      package init(name: String, cause: String, changes: [(change: OutcomeChange, count: Int)]) {
        (self.name, self.cause, self.changes) = (name, cause, changes)
      }
    }

    /// One decision that changed.
    package struct Sample: Sendable {
      package var event: String
      package var change: OutcomeChange
      package var scoreBefore: Int
      package var scoreAfter: Int
      /// Who brought something else into the two decisions, and why.
      package var parties: [PartyDifference]
      package var truth: Truth

      package init(
        event: String, change: OutcomeChange, scoreBefore: Int, scoreAfter: Int, parties: [PartyDifference],
        truth: Truth
      ) {
        (self.event, self.change, self.parties, self.truth) = (event, change, parties, truth)
        (self.scoreBefore, self.scoreAfter) = (scoreBefore, scoreAfter)
      }
    }

    /// Decisions that are another now.
    package var changed: Int {
      cells.indices.reduce(0) { sum, before in
        cells[before].indices.reduce(sum) { $1 == before ? $0 : $0 + cells[before][$1].count }
      }
    }
  }
}

/// What is wrong or odd about the events.
package struct DataHealth: Sendable {
  /// Events by type, those of the schema without events included.
  package var types: [(name: String, events: Int)] = []
  package var missing: [MissingField] = []
  package var late = 0
  package var repeated = 0
  /// Trials, which count nowhere else.
  package var dryRuns = 0
  package var recomputed = 0
  package var degraded = 0
  /// Blocks that the rule set's breaker turned into reviews.
  package var breakerChanges = 0
  /// By feature: events whose window held more records than its limit, began before its column, or is kept by panes.
  package var saturated: [(name: String, events: Int)] = []
  package var warming: [(name: String, events: Int)] = []
  package var approximate: [(name: String, events: Int)] = []
  /// By field: events whose value is no member of its enumeration.
  package var unlisted: [(name: String, events: Int)] = []
  /// By rule, cause and field: events for which the rule had no answer.
  package var unanswered: [(rule: String, why: String, field: String?, events: Int)] = []
  /// By code: lines that got no decision.
  package var refused: [(code: String, lines: Int)] = []
  /// The first of them: where, and what was wrong.
  package var badLines: [(place: String, code: String, message: String)] = []
  package var warnings: [String] = []
  /// What is to be said of labels and amounts.
  package var remarks: [String] = []
  package var inputErrors: [String] = []

  /// Nothing odd yet.
  package init() {}

  /// A field that events of one type lack.
  package struct MissingField: Sendable, Equatable {
    package var type: String
    package var field: String
    package var missing: Int
    /// Events of the type.
    package var events: Int
    /// The rules that look at events of the type and read the field, themselves or through a feature's key.
    package var readers: [String]

    package init(type: String, field: String, missing: Int, events: Int, readers: [String]) {
      (self.type, self.field, self.missing) = (type, field, missing)
      (self.events, self.readers) = (events, readers)
    }
  }
}
