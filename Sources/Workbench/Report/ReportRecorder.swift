package import Assay
package import Events
package import RuleSets

/// Takes down everything that the report shows, event by event: hand `record` to `Replay.run` as its `look`.
package struct ReportRecorder: Sendable {
  /// What a replay is worth, which others show too.
  package private(set) var worth: WorthRecorder
  private let rules: RuleSet
  private var health: HealthRecorder
  private var days: DayRecorder
  private var changes: BaselineComparison?

  /// Nothing recorded yet; `baseline` decides the same lines: hand `decideByBaseline` to the replay as its `beforehand`.
  package init(rules: RuleSet, worth: WorthRecorder, baseline: BaselineComparison? = nil) {
    self.rules = rules
    self.worth = worth
    health = HealthRecorder(rules: rules)
    days = DayRecorder(ruleCount: worth.tally.rules.count)
    changes = baseline
  }

  /// Whether there is a baseline that wants the lines.
  package var isComparing: Bool { changes != nil }

  /// Lets the baseline decide a line that the replay is about to decide.
  package mutating func decideByBaseline(_ line: Span<UInt8>) { changes?.decide(line) }

  /// Looks at one event and its decision.
  package mutating func record(_ event: borrowing Event, _ decision: borrowing Decision) {
    let recorded = worth.facts(recording: event, decision)
    health.record(event, decision)
    changes?.record(decision, recorded, worth.tally.currencies)
    guard recorded != nil else { return }
    let isPlain = decision.reasons.isEmpty && decision.shadow.isEmpty
    days.record(
      time: event.time, decision, rules: isPlain ? [] : decision.fired.compactMap { worth.tally.rule($0) })
  }

  /// What the page does not learn from the events.
  package struct Circumstances: Sendable {
    package var files: [String]
    package var labelFiles: [String] = []
    package var costs = CostInputs()
    package var capacity: ReplayReport.Capacity?
    /// `assay` and its version.
    package var program: String

    package init(files: [String], program: String) { (self.files, self.program) = (files, program) }
  }

  /// The report of a replay that is over.
  package func report(_ summary: ReplaySummary, _ circumstances: Circumstances) -> ReplayReport {
    let tally = worth.tally
    let order = TallyReading.currencyOrder(tally)
    var report = ReplayReport(
      identity: ReplayReport.Identity(rules, program: circumstances.program),
      input: input(summary, circumstances.files))
    report.currencies = order.map {
      .init(code: tally.currencies[$0], digits: MoneyText.decimalPlaces(of: tally.currencies[$0]))
    }
    report.labels = worth.labels.map { labels in
      TallyReading.labels(labels, tally, files: circumstances.labelFiles)
    }
    report.profiles = TallyReading.profiles(tally, order: order)
    report.days = days.table()
    report.health = health.health(summary, rules: rules)
    report.health.remarks = worth.notes
    report.rules = ruleRows(report, order)
    report.overlap = TallyReading.overlap(tally, rules: report.rules)
    report.changes = changes?.changes(tally.currencies, order: order, hasLabels: worth.labels != nil)
    (report.costs, report.capacity) = (circumstances.costs, circumstances.capacity)
    return report
  }

  private func input(_ summary: ReplaySummary, _ files: [String]) -> ReplayReport.Input {
    var input = ReplayReport.Input()
    input.files = files.map { $0 == "-" ? "standard input" : $0 }
    (input.lines, input.events) = (summary.lines, summary.events)
    (input.first, input.last) = (health.first, health.last)
    return input
  }

  private func ruleRows(_ report: ReplayReport, _ order: [Int]) -> [ReplayReport.RuleRow] {
    var unanswered: [String: Int] = [:]
    for item in report.health.unanswered { unanswered[item.rule, default: 0] += item.events }
    let hitsByDay = days.hits(on: report.days.days)
    let isLabelled = worth.labels != nil
    return zip(rules.rules, worth.tally.ruleWorths).map { rule, worth in
      var row = ReplayReport.RuleRow(
        id: rule.id, title: rule.title, family: rule.family.rawValue, isShadow: rule.status == .shadow,
        score: rule.score, decide: rule.decide)
      let raised = worth.fired.raised
      let marginal = worth.marginal[.reviewed] ?? StakesByTruth()
      (row.hits, row.frauds, row.honest) = (raised.events, raised.fraud.events, raised.honest.events)
      (row.marginalHits, row.marginalFrauds) = (marginal.events, marginal.fraud.events)
      row.amounts = order.map { TallyReading.amount(raised, $0, fraudOnly: isLabelled) }
      row.marginalAmounts = order.map { TallyReading.amount(marginal, $0, fraudOnly: isLabelled) }
      row.events = zip(rule.appliesToType, report.health.types).reduce(0) { $1.0 ? $0 + $1.1.events : $0 }
      row.unanswered = unanswered[rule.id] ?? 0
      row.hitsByDay = hitsByDay[worth.rule]
      return row
    }
  }
}

extension ReplayReport.Identity {
  /// The identity of rules that decided.
  package init(_ rules: RuleSet, program: String) {
    self.init(
      name: rules.name, description: rules.description, version: rules.version, thresholds: rules.thresholds,
      program: program)
  }
}
