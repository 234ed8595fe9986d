/// A row of small bars: how often something happened, from the first day to the last.
enum Sparkline {
  static let barsMax = 60
  private static let height = 22

  /// The bars as one path, with the peak in words for those who do not see it.
  static func markup(_ counts: [Int], days: [Int]) -> Markup {
    guard counts.count == days.count, let peak = counts.max(), peak > 0 else { return "" }
    let perBar = (counts.count + barsMax - 1) / barsMax
    let bars = stride(from: 0, to: counts.count, by: perBar).map { start in
      counts[start..<min(start + perBar, counts.count)].reduce(0, +)
    }
    let top = Double(bars.max() ?? 1)
    let width = 1_000 / Double(bars.count)
    var path = Markup()
    for (index, bar) in bars.enumerated() where bar > 0 {
      let reach = max(1.5, Double(bar) / top * Double(height))
      path += """
        M\(Drawing.decimal((Double(index) + 0.1) * width)) \(height)\
        v-\(Drawing.decimal(reach))h\(Drawing.decimal(0.8 * width))v\(Drawing.decimal(reach))z
        """
    }
    let day = counts.firstIndex(of: peak).map { Moment.date(day: days[$0]) } ?? ""
    let active = counts.count { $0 > 0 }
    return """
      <svg class="spark" viewBox="0 0 1000 \(height)" preserveAspectRatio="none" role="img" \
      aria-label="on \(active) of \(counts.count) days, most on \(day): \(grouped(peak))"><path d="\(path)"/></svg>
      """
  }
}
