internal import RuleSets

/// What the decisions cost, under costs that whoever reads the page may change.
struct CostSection {
  private static let height = 240

  let context: ReportContext
  private var report: ReplayReport { context.report }

  /// The total for each edge between two bars, when one of the thresholds is moved there.
  private struct Line {
    var name: String
    var totals: [Double]
  }

  var markup: Markup {
    guard report.hasLabels, context.standing.frauds > 0, let money = context.money else { return absence }
    let lines = ["review", "block"].map { name in line(name, money) }
    return ReportContext.section(
      "costs", "Costs",
      """
      \(inputs(money))
      \(bill)
      <p class="legend"><span><i class="stroke cost-review"></i>review threshold moved</span>\
      <span><i class="stroke cost-block"></i>block threshold moved</span></p>
      \(chart(lines, money))
      <p class="actions"><button type="button" id="cheapest">Set the sliders to the least cost</button>\
      <span id="cheapest-text" role="status"></span></p>
      \(table(lines, money).folded("Costs as a table"))
      <p class="remark">Reviewers are taken to recognise every fraud that they see. \(several)</p>
      """)
  }

  private var absence: Markup {
    guard report.hasLabels, context.standing.frauds > 0 else { return "" }
    return ReportContext.section(
      "costs", "Costs",
      """
      <p class="remark">Costs need amounts: declare the amount at stake as <code>money</code> in the schema, or name a whole \
      number with <code>--amount FIELD</code>.</p>
      """)
  }

  private var several: Markup {
    report.currencies.count > 1
      ? "Losses are those in the currency that is chosen above; reviews and blocks are those of all events."
      : ""
  }

  private func inputs(_ money: ReplayReport.Currency) -> Markup {
    let costs = report.costs
    func input(_ id: String, _ label: Markup, _ value: Double, _ unit: Markup, _ most: String) -> Markup {
      """
      <label>\(label) <span class="with-unit"><input type="number" id="\(id)" min="0" max="\(most)" step="any" \
      value="\(Drawing.decimal(value))" autocomplete="off"> \(unit)</span></label>
      """
    }
    let unit: Markup = "<span class=\"unit\">\(money.code)</span>"
    return """
      <p class="remark">\(costs.isExample ? "These costs are examples, nobody measured them: put yours in." : "The costs were given with <code>--cost</code>; try others here.")</p>
      <div class="inputs">\(input("cost-of-review", "One review costs", costs.review, unit, "1000000000"))\
      \(input("loss-percent", "Of a fraud that passes is lost", costs.lossPercent, "%", "100"))\
      \(input("cost-of-block", "One blocked honest customer costs", costs.blockedHonest, unit, "1000000000"))</div>
      """
  }

  private var bill: Markup {
    """
    <dl class="tiles bill"><div><dt>Reviews</dt><dd>\(context.live("cost-review"))</dd></div>\
    <div><dt>+ Frauds that passed</dt><dd>\(context.live("cost-loss"))</dd></div>\
    <div><dt>+ Honest customers blocked</dt><dd>\(context.live("cost-block"))</dd></div>\
    <div class="total"><dt>= Total</dt><dd>\(context.live("cost-total"))</dd></div></dl>
    """
  }

  private func line(_ name: String, _ money: ReplayReport.Currency) -> Line {
    let own = report.identity.thresholds
    let totals = (0...context.axis.barCount).map { edge -> Double in
      let score = edge * context.axis.barWidth
      let moved =
        name == "review"
        ? Thresholds(review: score, block: max(score, own.block))
        : Thresholds(review: min(score, own.review), block: score)
      let standing = Standing(report.profiles, thresholds: moved)
      return report.costs.bill(standing, digits: money.digits).total
    }
    return Line(name: name, totals: totals)
  }

  private func chart(_ lines: [Line], _ money: ReplayReport.Currency) -> Markup {
    let (top, step) = Scale.round(above: lines.flatMap { $0.totals.dropFirst() }.max() ?? 0)
    let paths = lines.map { line -> Markup in
      // From 0 on everything is reviewed or blocked, which is no choice and would flatten the rest.
      let points = line.totals.indices.dropFirst().map { edge in
        (Double(edge) / Double(context.axis.barCount), Double?.some(line.totals[edge] / top))
      }
      return
        "<path class=\"curve cost-\(line.name)\" data-curve=\"cost-\(line.name)\" d=\"\(Drawing.steps(points))\"/>"
    }
    let grid = stride(from: 0, through: top, by: step).map { ($0 / top, Figure.short($0)) }
    let thresholds = report.identity.thresholds
    return Drawing.chart(
      "costs", title: "Total cost by threshold",
      description:
        "Two curves of the total cost, one for each threshold as it is moved. Figures are in the table below.",
      height: Self.height,
      """
      <g id="cost-grid">\(Drawing.grid(grid, height: Self.height))</g>\(Drawing.field(height: Self.height, paths))\
      \(Drawing.thresholdLines(context.axis, review: thresholds.review, block: thresholds.block, height: Self.height))\
      \(Drawing.scoreTicks(context.axis, height: Self.height))
      """)
  }

  private func table(_ lines: [Line], _ money: ReplayReport.Currency) -> ReportTable {
    let rows = (0...context.axis.barCount).map { edge -> [ReportTable.Cell] in
      [.init(count: edge * context.axis.barWidth)]
        + lines.map { line in
          .init(
            "<span data-cost=\"\(line.name)\" data-edge=\"\(edge)\">\(Figure.cost(line.totals[edge], money))</span>"
          )
        }
    }
    return ReportTable(
      caption: "Total cost when one threshold is moved and the other stays",
      columns: [
        .init(name: "Threshold"), .init(name: "Review moved", isNumber: true),
        .init(name: "Block moved", isNumber: true),
      ], rows: rows)
  }
}
