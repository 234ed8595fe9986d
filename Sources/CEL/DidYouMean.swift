/// Finds the name that an author probably meant.
package enum DidYouMean {
  /// Longer names are not compared: the work grows with the square of the length.
  package static let lengthMax = 100

  /// The candidate nearest to `name`, or nil when none is near: at most one edit in three letters, three in all.
  ///
  /// An edit is a letter added, left out, replaced, or exchanged with its neighbour; case does not count. Of
  /// candidates equally near, the first in the order of their bytes is taken, whatever order they come in.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(name.lowercased().unicodeScalars)
    guard letters.count > 1, letters.count <= lengthMax else { return nil }
    var best: (name: String, distance: Int)?
    var limit = min(3, max(1, letters.count / 3))
    for candidate in candidates where candidate != name {
      let others = Array(candidate.lowercased().unicodeScalars)
      guard abs(others.count - letters.count) <= limit else { continue }
      let found = distance(letters, others)
      guard found <= limit else { continue }
      if let best, (best.distance, best.name) < (found, candidate) { continue }
      best = (candidate, found)
      limit = found
    }
    return best?.name
  }

  /// Optimal string alignment: Levenshtein's distance with exchanged neighbours as one edit.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for (column, other) in right.enumerated() {
        var cost = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
