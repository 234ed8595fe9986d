/// Whether a text that a signature covers can be cut into its values in one way only.
///
/// AppLovin and LevelPlay sign values that stand side by side with nothing between them: `player1` and `25` have the
/// signature of `player12` and `5`. Whoever has seen the one callback could send the other. What the values look like
/// tells where one ends, or it does not; then the signature proves nothing.
package enum UniqueSplit {
  /// Whether the values are the only ones of these forms that give the same text. Each value has its form.
  ///
  /// Counts the ways to get from the beginning to each place, value by value: linear in the text for each of them.
  package static func isOnly(_ values: [[UInt8]], _ forms: [ValueForm]) -> Bool {
    let text = values.flatMap { $0 }
    var ways = [Int](repeating: 0, count: text.count + 1)
    ways[0] = 1
    for form in forms { ways = advance(ways, over: form, in: text) }
    return ways[text.count] == 1
  }

  /// More ways than two are no worse than two.
  private static func capped(_ count: Int) -> Int { min(count, 2) }

  private static func advance(_ ways: [Int], over form: ValueForm, in text: [UInt8]) -> [Int] {
    if let values = form.values { return advance(ways, over: values, in: text) }
    let sums = runningSums(ways) { _ in true }
    // An integer of several digits does not begin with a nought.
    let sumsOfOthers = runningSums(ways) { $0 < text.count && text[$0] != UInt8(ascii: "0") }
    var next = [Int](repeating: 0, count: ways.count)
    var runStart = 0
    for end in 0...text.count {
      if end > 0, !form.characters.contains(text[end - 1]) { runStart = end }
      if form.mayBeEmpty { next[end] += ways[end] }
      let first = max(runStart, end - min(form.lengths.upperBound, end))
      let last = end - min(form.lengths.lowerBound, end + 1)
      guard form.characters == .integer else {
        if last >= first { next[end] += sums[last + 1] - sums[first] }
        next[end] = capped(next[end])
        continue
      }
      if end - 1 >= first { next[end] += ways[end - 1] }
      if end - 2 >= first { next[end] += sumsOfOthers[end - 1] - sumsOfOthers[first] }
      next[end] += negative(ways, runStart, end, text)
      next[end] = capped(next[end])
    }
    return next
  }

  /// Ways by a number whose minus stands before the run of digits that ends at `end`.
  private static func negative(_ ways: [Int], _ runStart: Int, _ end: Int, _ text: [UInt8]) -> Int {
    guard runStart > 0, end > runStart, text[runStart - 1] == UInt8(ascii: "-"),
      text[runStart] != UInt8(ascii: "0")
    else { return 0 }
    return ways[runStart - 1]
  }

  private static func advance(_ ways: [Int], over values: Set<[UInt8]>, in text: [UInt8]) -> [Int] {
    var next = [Int](repeating: 0, count: ways.count)
    for start in ways.indices where ways[start] > 0 {
      for value in values where text[start...].starts(with: value) {
        next[start + value.count] = capped(next[start + value.count] + ways[start])
      }
    }
    return next
  }

  /// At each index the sum of what stands before it, of those places that count.
  private static func runningSums(_ ways: [Int], _ counts: (Int) -> Bool) -> [Int] {
    var sums = [0]
    sums.reserveCapacity(ways.count + 1)
    var sum = 0
    for (place, count) in ways.enumerated() {
      if counts(place) { sum += count }
      sums.append(sum)
    }
    return sums
  }
}
