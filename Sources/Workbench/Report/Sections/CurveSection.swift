internal import RuleSets

/// Precision, frauds caught and amount caught for every score from which events could be flagged.
struct CurveSection {
  private static let height = 240
  private static let rowsMax = 60

  let context: ReportContext

  var markup: Markup {
    guard context.report.hasLabels, context.standing.frauds > 0 else { return "" }
    let curve = ThresholdCurve(context.report.profiles, end: context.axis.end)
    return ReportContext.section(
      "curves", "Precision and catch by threshold",
      """
      <p class="remark">What would be so if everything from a score on were flagged, reviewed or blocked. A higher threshold \
      bothers fewer honest customers and lets more fraud pass. The upright lines are the two thresholds.</p>
      \(legend)\(chart(curve))\(table(curve).folded("Thresholds as a table"))
      """)
  }

  private var hasAmounts: Bool { context.report.hasAmounts && context.standing.fraudAmount > 0 }

  private var legend: Markup {
    let amount: Markup = hasAmounts ? "<span><i class=\"stroke amount\"></i>amount caught</span>" : ""
    return """
      <p class="legend"><span><i class="stroke precision"></i>precision</span>\
      <span><i class="stroke recall"></i>frauds caught</span>\(amount)</p>
      """
  }

  private func chart(_ curve: ThresholdCurve) -> Markup {
    let axis = context.axis
    func path(_ name: String, _ share: (ThresholdCurve.Point) -> Share) -> Markup {
      // From 0 on everything is flagged, which is no choice.
      let points = curve.points.filter { $0.threshold > 0 }.map {
        (axis.place($0.threshold), share($0).value)
      }
      return "<path class=\"curve \(name)\" data-curve=\"\(name)\" d=\"\(Drawing.steps(points))\"/>"
    }
    var paths = [path("precision", curve.precision), path("recall", curve.recall)]
    if hasAmounts { paths.append(path("amount", curve.amountRecall)) }
    let grid = [0, 25, 50, 75, 100].map { (Double($0) / 100, "\($0) %") }
    let thresholds = context.report.identity.thresholds
    return Drawing.chart(
      "curves", title: "Precision and catch by threshold",
      description: "Curves over the score from which events are flagged. The figures are in the table below.",
      height: Self.height,
      """
      \(Drawing.grid(grid, height: Self.height))\(Drawing.field(height: Self.height, paths))\
      \(Drawing.thresholdLines(axis, review: thresholds.review, block: thresholds.block, height: Self.height))\
      \(Drawing.scoreTicks(axis, height: Self.height))
      """)
  }

  private func table(_ curve: ThresholdCurve) -> ReportTable {
    var columns: [ReportTable.Column] = [
      .init(name: "Flagged from"), .init(name: "Events", isNumber: true),
      .init(name: "Frauds", isNumber: true),
      .init(name: "Honest", isNumber: true), .init(name: "Precision", isNumber: true),
      .init(name: "95 % interval", isNumber: true), .init(name: "Frauds caught", isNumber: true),
    ]
    if hasAmounts { columns.append(.init(name: "Amount caught", isNumber: true)) }
    let step = (curve.points.count + Self.rowsMax - 1) / Self.rowsMax
    let points = stride(from: 0, to: curve.points.count, by: max(1, step)).map { curve.points[$0] }
    let rows = points.map { point -> [ReportTable.Cell] in
      let isNever = point.threshold == context.axis.end
      var cells: [ReportTable.Cell] = [
        .init(isNever ? "no score" : "\(grouped(point.threshold))"), .init(count: point.flagged),
        .init(count: point.frauds), .init(count: point.honest), .init(share: curve.precision(point)),
        .init("\(Figure.interval(curve.precision(point)))"), .init(share: curve.recall(point)),
      ]
      if hasAmounts { cells.append(.init(share: curve.amountRecall(point))) }
      return cells
    }
    let thinned: Markup = step > 1 ? " (one in \(step) of the scores that occur)" : ""
    return ReportTable(caption: "What each threshold flags\(thinned)", columns: columns, rows: rows)
  }
}
