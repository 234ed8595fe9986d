internal import RuleSets

/// What the page's script computes with: the aggregates, exactly, as JSON.
enum ReportData {
  static func json(_ report: ReplayReport, _ axis: ScoreAxis) -> JSONValue {
    .object([
      .init("review", number(report.identity.thresholds.review)),
      .init("block", number(report.identity.thresholds.block)),
      .init("barWidth", number(axis.barWidth)), .init("barCount", number(axis.barCount)),
      .init("hasLabels", .bool(report.hasLabels)),
      .init(
        "currencies",
        .array(
          report.currencies.map {
            .object([.init("code", .string($0.code)), .init("digits", number($0.digits))])
          })),
      .init("profiles", .array(report.profiles.map(profile))),
      .init("dayCount", number(report.days.days.count)),
      .init("daysPerBar", number(DaySection.daysPerBar(report.days.days.count))),
      .init("dayCells", .array(report.days.cells.map(cell))),
      .init("reviewers", report.capacity.map { number($0.reviewers) } ?? .null),
      .init("reviewsPerDay", report.capacity.map { number($0.reviewsPerDay) } ?? .null),
    ])
  }

  private static func number(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// Score, least outcome, whether a rule excused it, truth, currency (-1 for none), events, amount as text: amounts may
  /// be larger than what a script counts exactly as a number.
  private static func profile(_ profile: ReplayReport.Profile) -> JSONValue {
    .array([
      number(profile.score), number(profile.floor.rank), number(profile.isExcused ? 1 : 0),
      number(profile.truth.rawValue), number(profile.currency ?? -1), number(profile.count),
      .string(String(profile.amount)),
    ])
  }

  /// Day, score, least outcome, whether a rule excused it, events.
  private static func cell(_ cell: ReplayReport.DayTable.Cell) -> JSONValue {
    .array([
      number(cell.day), number(cell.score), number(cell.floor.rank), number(cell.isExcused ? 1 : 0),
      number(cell.count),
    ])
  }
}
