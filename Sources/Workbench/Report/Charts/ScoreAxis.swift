internal import RuleSets

/// The axis of scores that several charts share: from 0 to the end of the bar that the highest score or threshold is in.
struct ScoreAxis: Equatable {
  static let barsMax = 40
  private static let factors = [1, 2, 4, 5, 10, 20, 25, 40, 50, 100, 200, 250, 400, 500]

  /// Scores that one bar takes in.
  let barWidth: Int
  let barCount: Int

  /// Bars as narrow as there is room for, and wide enough that scores and thresholds stand on their edges where they
  /// have a common divisor.
  init(scores: some Sequence<Int>, thresholds: [Int]) {
    var (top, divisor) = (0, 0)
    for score in thresholds + Array(scores) {
      top = max(top, score)
      divisor = Self.greatestCommonDivisor(divisor, score)
    }
    let unit = max(1, divisor)
    let factor = Self.factors.first { top / unit / $0 < Self.barsMax }
    barWidth = unit * (factor ?? (top / unit / (Self.barsMax - 1) + 1))
    barCount = top / barWidth + 1
  }

  init(_ report: ReplayReport) {
    let thresholds = report.identity.thresholds
    self.init(scores: report.profiles.map(\.score), thresholds: [thresholds.review, thresholds.block])
  }

  /// The first score that is no longer on the axis.
  var end: Int { barWidth * barCount }

  /// Where a score stands: 0 to 1.
  func place(_ score: Int) -> Double { min(1, max(0, Double(score) / Double(end))) }

  /// The bar of a score.
  func bar(of score: Int) -> Int { min(barCount - 1, max(0, score / barWidth)) }

  /// Scores to name at the axis, ten at most.
  var ticks: [Int] {
    let step = (barCount + 9) / 10
    return stride(from: 0, through: barCount - 1, by: max(1, step)).map { $0 * barWidth }
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
