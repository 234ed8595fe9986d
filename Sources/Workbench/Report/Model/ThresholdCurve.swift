internal import RuleSets

/// What would be flagged from each score on: one point for each score that occurs, and one above them all.
struct ThresholdCurve: Sendable {
  /// What is flagged from a score on.
  struct Point: Sendable, Equatable {
    var threshold: Int
    var flagged = 0
    var frauds = 0
    var honest = 0
    /// Minor units of the frauds, in the curve's currency.
    var amount: Int128 = 0
  }

  /// Ascending by threshold.
  private(set) var points: [Point] = []
  private(set) var frauds = 0
  private(set) var amount: Int128 = 0

  init(_ profiles: [ReplayReport.Profile], currency: Int = 0, end: Int) {
    var always = Point(threshold: end)
    var byScore: [Int: Point] = [:]
    for profile in profiles {
      if profile.floor != .allow {
        Self.add(profile, to: &always, currency)
      } else if !profile.isExcused {
        Self.add(profile, to: &byScore[profile.score, default: Point(threshold: profile.score)], currency)
      }
      guard profile.truth == .fraud else { continue }
      frauds += profile.count
      if profile.currency == currency { amount += profile.amount }
    }
    var sum = always
    points = [always]
    for point in byScore.values.sorted(by: { $0.threshold > $1.threshold }) {
      sum.threshold = point.threshold
      sum.flagged += point.flagged
      sum.frauds += point.frauds
      sum.honest += point.honest
      sum.amount += point.amount
      points.append(sum)
    }
    points.reverse()
  }

  private static func add(_ profile: ReplayReport.Profile, to point: inout Point, _ currency: Int) {
    point.flagged += profile.count
    switch profile.truth {
    case .fraud:
      point.frauds += profile.count
      if profile.currency == currency { point.amount += profile.amount }
    case .honest: point.honest += profile.count
    case .unknown: break
    }
  }

  func precision(_ point: Point) -> Share { Share(point.frauds, of: point.frauds + point.honest) }
  func recall(_ point: Point) -> Share { Share(point.frauds, of: frauds) }
  func amountRecall(_ point: Point) -> Share { Share(point.amount, of: amount) }
}
