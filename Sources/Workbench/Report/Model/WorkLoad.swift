package import RuleSets

/// What falls to reviewers day by day under given thresholds.
package struct WorkLoad: Sendable, Equatable {
  /// By index into `DayTable.days`.
  package private(set) var reviews: [Int]
  package private(set) var blocks: [Int]

  /// Counts what the decisions of each day come to.
  package init(_ days: ReplayReport.DayTable, thresholds: Thresholds) {
    reviews = Array(repeating: 0, count: days.days.count)
    blocks = reviews
    for cell in days.cells where reviews.indices.contains(cell.day) {
      let profile = ReplayReport.Profile(
        score: cell.score, floor: cell.floor, isExcused: cell.isExcused, count: cell.count)
      switch profile.outcome(thresholds) {
      case .allow: break
      case .review: reviews[cell.day] += cell.count
      case .block: blocks[cell.day] += cell.count
      }
    }
  }

  /// Days with more reviews than reviewers can do.
  package func daysAbove(_ perDay: Int) -> Int { reviews.count { $0 > perDay } }

  /// The most reviews that are left over at the end of a day, when what is left over is done first the next day.
  package func longestQueue(_ perDay: Int) -> Int {
    var (queue, longest) = (0, 0)
    for count in reviews {
      queue = max(0, queue + count - perDay)
      longest = max(longest, queue)
    }
    return longest
  }

  /// Reviews of the busiest day.
  package var busiest: Int { reviews.max() ?? 0 }
}
