import RuleSets
import TestSupport
import Workbench

/// Reports that no replay made: small ones, drawn ones, and such with a hostile text in every field.
enum SampleReport {
  static let euro = ReplayReport.Currency(code: "EUR", digits: 2)
  static let yen = ReplayReport.Currency(code: "JPY", digits: 0)

  static func identity(_ name: String = "sample", review: Int = 40, block: Int = 80) -> ReplayReport.Identity
  {
    ReplayReport.Identity(
      name: name, version: "sha256:" + String(repeating: "0a", count: 32),
      thresholds: Thresholds(review: review, block: block), program: "assay 0.0.0")
  }

  /// Rules and nothing decided.
  static var empty: ReplayReport { ReplayReport(identity: identity()) }

  /// Decisions drawn at random, in two currencies and of every truth, over three weeks.
  static func drawn(seed: UInt64) -> ReplayReport {
    var generator = SeededGenerator(seed: seed)
    var report = ReplayReport(identity: identity())
    report.currencies = [euro, yen]
    var labels = ReplayReport.LabelSource()
    labels.files = ["labels.ndjson"]
    labels.kinds = [(name: "farm", events: 40, alerts: 31), (name: "bot", events: 12, alerts: 2)]
    report.labels = labels
    report.days.days = Array(20_500..<20_521)
    for _ in 0..<60 {
      let floor = Outcome.allCases.randomElement(using: &generator) ?? .allow
      let profile = ReplayReport.Profile(
        score: Int.random(in: 0...13, using: &generator) * 10,
        floor: Int.random(in: 0..<8, using: &generator) == 0 ? floor : .allow,
        isExcused: Int.random(in: 0..<12, using: &generator) == 0,
        truth: ReplayReport.Truth.allCases.randomElement(using: &generator) ?? .honest,
        currency: [nil, 0, 0, 0, 1].randomElement(using: &generator) ?? 0,
        count: Int.random(in: 1...400, using: &generator),
        amount: Int128(Int.random(in: 0...90_000_000_000, using: &generator)) * 1_000_003)
      report.profiles.append(profile)
      report.days.cells.append(
        .init(
          day: Int.random(in: 0..<21, using: &generator), score: profile.score, floor: profile.floor,
          isExcused: profile.isExcused, count: profile.count))
    }
    report.input.events = report.profiles.reduce(0) { $0 + $1.count }
    report.input.lines = report.input.events
    report.input.files = ["events.ndjson"]
    (report.input.first, report.input.last) = (1_771_200_000_000, 1_773_014_399_000)
    report.rules = rules(12, days: 21, using: &generator)
    report.overlap = overlap(report.rules)
    report.capacity = ReplayReport.Capacity(reviewers: 2, reviewsPerDay: 40)
    return report
  }

  static func rules(_ count: Int, days: Int, using generator: inout SeededGenerator) -> [ReplayReport.RuleRow]
  {
    (0..<count).map { number in
      var rule = ReplayReport.RuleRow(
        id: "rule-\(number)", title: "Rule number \(number)", family: "velocity", isShadow: number % 7 == 3,
        score: number % 5 * 10, decide: number % 5 == 0 ? .block : nil)
      rule.hitsByDay = (0..<days).map { _ in Int.random(in: 0...9, using: &generator) }
      rule.hits = rule.hitsByDay.reduce(0, +)
      rule.events = rule.hits + 5
      rule.frauds = rule.hits / 2
      rule.honest = rule.hits - rule.frauds
      rule.amounts = [Int128(number * 1_000)]
      rule.marginalHits = number
      rule.marginalFrauds = number / 2
      return rule
    }
  }

  private static func overlap(_ rules: [ReplayReport.RuleRow]) -> ReplayReport.Overlap {
    var overlap = ReplayReport.Overlap()
    overlap.rules = Array(rules.indices.prefix(6))
    overlap.counts = overlap.rules.map { row in
      overlap.rules.map {
        $0 == row ? rules[row].hits : min(rules[row].hits, rules[$0].hits) / ($0 + row + 1)
      }
    }
    return overlap
  }

  /// A report in which every text is `text`.
  static func hostile(_ text: String) -> ReplayReport {
    var report = drawn(seed: 7)
    report.identity.name = text
    report.identity.description = text
    report.identity.version = text
    report.identity.program = text
    report.input.files = [text]
    report.currencies = [.init(code: text, digits: 2), .init(code: text + "2", digits: 0)]
    report.labels?.files = [text]
    report.labels?.kinds = [(name: text, events: 3, alerts: 1)]
    for index in report.rules.indices {
      report.rules[index].id = text
      report.rules[index].title = text
      report.rules[index].family = text
    }
    var changes = ReplayReport.DecisionChanges(baseline: report.identity)
    changes.cells[0][2].count = 1
    let change = OutcomeChange(.allow, .block)
    changes.parties = [.init(name: text, cause: text, changes: [(change: change, count: 1)])]
    let part = PartyDifference(party: .rule(text), before: text, after: text, reason: text)
    changes.samples = [
      .init(event: text, change: change, scoreBefore: 0, scoreAfter: 80, parties: [part], truth: .fraud)
    ]
    report.changes = changes
    report.health = hostileHealth(text)
    return report
  }

  private static func hostileHealth(_ text: String) -> DataHealth {
    var health = DataHealth()
    health.types = [(name: text, events: 1), (name: text, events: 2)]
    health.missing = [.init(type: text, field: text, missing: 1, events: 2, readers: [text])]
    health.saturated = [(name: text, events: 1)]
    health.warming = [(name: text, events: 1)]
    health.approximate = [(name: text, events: 1)]
    health.unlisted = [(name: text, events: 1)]
    health.unanswered = [(rule: text, why: text, field: text, events: 1)]
    health.refused = [(code: text, lines: 1)]
    health.badLines = [(place: text, code: text, message: text)]
    health.warnings = [text]
    health.inputErrors = [text]
    health.remarks = [text]
    health.dryRuns = 1
    return health
  }
}
