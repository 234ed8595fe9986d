internal import RuleSets

/// How many events have which score, frauds and honest ones apart, and where the thresholds lie.
struct ScoreSection {
  private static let halfHeight = 120

  let context: ReportContext
  private var report: ReplayReport { context.report }
  private var axis: ScoreAxis { context.axis }

  /// Events of one bar.
  private struct Bar {
    var counts = [0, 0, 0]
    var outright = 0
    var total: Int { counts.reduce(0, +) }
  }

  var markup: Markup {
    let bars = bars
    return ReportContext.section(
      "scores", "Scores",
      """
      <p class="remark">\(introduction)</p>
      \(legend)\(chart(bars))\(table(bars).folded("Scores as a table"))
      """)
  }

  private var bars: [Bar] {
    var bars = Array(repeating: Bar(), count: axis.barCount)
    for profile in report.profiles {
      let bar = axis.bar(of: profile.score)
      bars[bar].counts[profile.truth.rawValue] += profile.count
      if profile.floor != .allow || profile.isExcused { bars[bar].outright += profile.count }
    }
    return bars
  }

  private var introduction: Markup {
    let outright = bars.reduce(0) { $0 + $1.outright }
    let width: Markup =
      axis.barWidth == 1 ? "one score" : "\(grouped(axis.barWidth)) scores, named by its lowest"
    var text: Markup =
      "Each bar is \(width); heights are logarithmic, so that a handful is seen beside thousands."
    if outright > 0 {
      text += """
         \(ReportContext.number(outright, "event was", "events were")) decided whatever the score, outright by a rule or \
        because a rule had no answer; thresholds do not move \(outright == 1 ? "it" : "them").
        """
    }
    return text
  }

  private var legend: Markup {
    guard report.hasLabels else { return "" }
    let unknown: Markup =
      report.profiles.contains { $0.truth == .unknown }
      ? "<span><span class=\"mark unknown\"></span>unknown</span>" : ""
    return """
      <p class="legend"><span><span class="mark honest"></span>honest (upwards)</span>\
      <span><span class="mark fraud"></span>fraud (downwards)</span>\(unknown)</p>
      """
  }

  private func chart(_ bars: [Bar]) -> Markup {
    let half = Self.halfHeight
    let height = report.hasLabels ? 2 * half : half + 40
    let base = report.hasLabels ? half : height
    let top = bars.map { bar in bar.counts.max() ?? 0 }.max() ?? 0
    var content = bands(height)
    for power in Scale.powersOfTen(to: top) {
      let reach = Scale.logarithmic(power, top: top) * Double(base)
      content += line(Double(base) - reach, power)
      if report.hasLabels { content += line(Double(base) + reach, power) }
    }
    for (index, bar) in bars.enumerated() where bar.total > 0 {
      content += columns(bar, at: index, base: base, top: top)
    }
    content += "<line class=\"axis-line\" x1=\"0\" x2=\"100%\" y1=\"\(base)\" y2=\"\(base)\"/>"
    let thresholds = report.identity.thresholds
    content += Drawing.thresholdLines(
      axis, review: thresholds.review, block: thresholds.block, height: height)
    content += Drawing.scoreTicks(axis, height: height)
    return Drawing.chart(
      "scores", title: "Events by score",
      description: """
        Bars of events by score\(report.hasLabels ? ", honest ones upwards, frauds downwards" : ""); two lines mark the \
        thresholds. The figures are in the table below.
        """, height: height, content)
  }

  private func line(_ y: Double, _ power: Int) -> Markup {
    """
    <line class="grid" x1="0" x2="100%" y1="\(Drawing.decimal(y))" y2="\(Drawing.decimal(y))"/>\
    <text class="axis left" x="-8" y="\(Drawing.decimal(y))" dy="4">\(Figure.short(Double(power)))</text>
    """
  }

  /// Where scores are allowed, reviewed and blocked; the page's script moves their edges.
  private func bands(_ height: Int) -> Markup {
    let thresholds = report.identity.thresholds
    let edges = [0, axis.place(thresholds.review), axis.place(thresholds.block), 1]
    return .joined(
      Outcome.allCases.map { outcome in
        let (from, to) = (edges[outcome.rank], edges[outcome.rank + 1])
        return """
          <rect class="band \(outcome.rawValue)" data-band="\(outcome.rawValue)" x="\(Drawing.percent(from))" \
          width="\(Drawing.percent(max(0, to - from)))" y="0" height="\(height)"/>\
          <text class="band-name" data-band-name="\(outcome.rawValue)" x="\(Drawing.percent((from + to) / 2))" \
          y="-7">\(to - from > 0.07 ? outcome.rawValue : "")</text>
          """
      })
  }

  private func columns(_ bar: Bar, at index: Int, base: Int, top: Int) -> Markup {
    let width = 1 / Double(axis.barCount)
    func column(_ truth: ReplayReport.Truth, from: Double, part: Double) -> Markup {
      let count = bar.counts[truth.rawValue]
      guard count > 0 else { return "" }
      let reach = max(1.5, Scale.logarithmic(count, top: top) * Double(base))
      let y = truth == .fraud ? Double(base) : Double(base) - reach
      return """
        <rect class="bar \(String(describing: truth))" x="\(Drawing.percent((Double(index) + from) * width))" \
        width="\(Drawing.percent(part * width))" y="\(Drawing.decimal(y))" height="\(Drawing.decimal(reach))">\
        <title>\(range(index)): \(grouped(count)) \(report.hasLabels ? String(describing: truth) : "events")</title></rect>
        """
    }
    let isSplit = bar.counts[ReplayReport.Truth.unknown.rawValue] > 0 && report.hasLabels
    return """
      \(column(.honest, from: 0.1, part: isSplit ? 0.5 : 0.8))\(column(.fraud, from: 0.1, part: 0.8))\
      \(column(.unknown, from: isSplit ? 0.6 : 0.1, part: isSplit ? 0.3 : 0.8))
      """
  }

  private func range(_ index: Int) -> String {
    let from = index * axis.barWidth
    return axis.barWidth == 1 ? "score \(from)" : "scores \(from) to \(from + axis.barWidth - 1)"
  }

  private func table(_ bars: [Bar]) -> ReportTable {
    var columns: [ReportTable.Column] = [.init(name: "Score"), .init(name: "Events", isNumber: true)]
    if report.hasLabels {
      columns += [
        .init(name: "Fraud", isNumber: true), .init(name: "Honest", isNumber: true),
        .init(name: "Unknown", isNumber: true),
      ]
    }
    columns.append(.init(name: "Decided whatever the score", isNumber: true))
    let rows = bars.enumerated().filter { $0.element.total > 0 }.map { index, bar -> [ReportTable.Cell] in
      let from = index * axis.barWidth
      let name = axis.barWidth == 1 ? "\(from)" : "\(from)–\(from + axis.barWidth - 1)"
      var cells = [ReportTable.Cell("\(name)"), .init(count: bar.total)]
      if report.hasLabels {
        cells += [.fraud, .honest, .unknown].map { (truth: ReplayReport.Truth) in
          .init(count: bar.counts[truth.rawValue])
        }
      }
      return cells + [.init(count: bar.outright)]
    }
    return ReportTable(caption: "Events by score", columns: columns, rows: rows)
  }
}
