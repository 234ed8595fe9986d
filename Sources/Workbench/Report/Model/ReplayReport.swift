package import RuleSets

/// Everything that the page about a replay shows: pure data, of constant size but for the aggregates.
///
/// Collected by `ReportCollector` while events are decided, drawn by `ReportPage`.
package struct ReplayReport: Sendable {
  package var identity: Identity
  package var input: Input
  /// The currencies of the events' amounts, the most frequent first; empty where events carry no amount.
  package var currencies: [Currency] = []
  /// Where the labels came from; nil without labels.
  package var labels: LabelSource?
  /// Decisions that are alike in all that thresholds look at, counted.
  package var profiles: [Profile] = []
  package var rules: [RuleRow] = []
  package var days = DayTable()
  package var overlap = Overlap()
  /// What decided otherwise under other rules; nil where there were none to compare with.
  package var changes: DecisionChanges?
  package var health = DataHealth()
  package var costs = CostInputs()
  /// Nil where nobody said how much the reviewers can do.
  package var capacity: Capacity?

  /// A report of nothing yet.
  package init(identity: Identity, input: Input = Input()) {
    self.identity = identity
    self.input = input
  }

  /// Whose rules decided, and which program.
  package struct Identity: Sendable {
    package var name: String
    package var description: String?
    /// `sha256:` and 64 hex digits.
    package var version: String
    package var thresholds: Thresholds
    /// `assay` and its version.
    package var program: String

    package init(
      name: String, description: String? = nil, version: String, thresholds: Thresholds, program: String
    ) {
      (self.name, self.description, self.version) = (name, description, version)
      (self.thresholds, self.program) = (thresholds, program)
    }
  }

  /// What was read.
  package struct Input: Sendable {
    package var files: [String] = []
    /// Lines that were read, empty ones left out.
    package var lines = 0
    /// Lines that got a decision.
    package var events = 0
    /// Event times, milliseconds since 1970; nil without events.
    package var first: Int64?
    package var last: Int64?

    /// Nothing yet.
    package init() {}
  }

  /// A currency of the events' amounts.
  package struct Currency: Sendable, Equatable {
    /// As events carry it; empty where amounts have none.
    package var code: String
    /// Decimal places of its minor unit.
    package var digits: Int

    package init(code: String, digits: Int) { (self.code, self.digits) = (code, digits) }
  }

  /// The file of labels.
  package struct LabelSource: Sendable {
    package var files: [String] = []
    /// Labels of events that did not come.
    package var withoutEvent = 0
    /// What an event without a label counts as.
    package var others: Truth = .honest
    /// By kind of fraud as the labels name it: how many events.
    package var kinds: [(name: String, events: Int, alerts: Int)] = []

    /// No label yet.
    package init() {}
  }

  /// What reviewers can do.
  package struct Capacity: Sendable, Equatable {
    package var reviewers: Int
    /// Reviews that one of them does in a day.
    package var reviewsPerDay: Int

    package init(reviewers: Int, reviewsPerDay: Int) {
      (self.reviewers, self.reviewsPerDay) = (reviewers, reviewsPerDay)
    }

    /// Reviews a day; bounded, as it comes from outside.
    package var perDay: Int {
      let product = reviewers.multipliedReportingOverflow(by: reviewsPerDay)
      return product.overflow ? .max : product.partialValue
    }
  }

  /// Whether there is a truth to judge by.
  package var hasLabels: Bool { labels != nil }
  /// Whether events carry amounts.
  package var hasAmounts: Bool { !currencies.isEmpty }
}

extension ReplayReport {
  /// What an event turned out to be.
  package typealias Truth = Label.Truth

  /// Decisions that are alike in all that thresholds look at.
  package struct Profile: Sendable, Equatable {
    /// The sum of the fired live rules' scores.
    package var score: Int
    /// The least outcome, whatever the score: decided outright by a rule, or set by a rule without an answer.
    package var floor: Outcome
    /// A rule decided to allow: the score alone does nothing.
    package var isExcused: Bool
    package var truth: Truth
    /// Index into `currencies`; nil for events without an amount.
    package var currency: Int?
    package var count: Int
    /// Minor units.
    package var amount: Int128

    package init(
      score: Int, floor: Outcome = .allow, isExcused: Bool = false, truth: Truth = .unknown,
      currency: Int? = nil, count: Int, amount: Int128 = 0
    ) {
      (self.score, self.floor, self.isExcused, self.truth) = (score, floor, isExcused, truth)
      (self.currency, self.count, self.amount) = (currency, count, amount)
    }

    /// What the decisions come to under `thresholds`.
    package func outcome(_ thresholds: Thresholds) -> Outcome {
      if isExcused { return floor }
      let scored: Outcome =
        score >= thresholds.block ? .block : score >= thresholds.review ? .review : .allow
      return max(floor, scored)
    }

    /// Whether an event is flagged that is flagged from the score `threshold` on.
    package func isFlagged(from threshold: Int) -> Bool {
      floor != .allow || !isExcused && score >= threshold
    }
  }
}
