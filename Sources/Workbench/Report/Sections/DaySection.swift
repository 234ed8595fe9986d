internal import RuleSets

/// What falls to reviewers day by day, against what they can do.
struct DaySection {
  private static let height = 180
  private static let barsMax = 120
  /// Below it the lines of the axis would stand at halves of an event.
  private static let topMin = 4.0

  let context: ReportContext
  private var report: ReplayReport { context.report }
  private var load: WorkLoad { WorkLoad(report.days, thresholds: report.identity.thresholds) }

  /// Days that one bar takes in.
  static func daysPerBar(_ days: Int) -> Int { max(1, (days + barsMax - 1) / barsMax) }

  var markup: Markup {
    guard !report.days.days.isEmpty else { return "" }
    let load = load
    return ReportContext.section(
      "days", "Alerts a day",
      """
      \(inputs)
      <p class="remark" id="capacity-text">\(capacityText)</p>
      <p class="legend"><span><span class="mark review"></span>review</span>\
      <span><span class="mark block"></span>block</span>\
      <span class="capacity-key"><i class="stroke capacity"></i>what the reviewers can do</span></p>
      \(chart(load))\(table(load).folded("Days as a table"))\(leftOut)
      """)
  }

  private var leftOut: Markup {
    guard report.days.eventsLeftOut > 0 else { return "" }
    return """
      <p class="remark">\(ReportContext.number(report.days.eventsLeftOut, "event is", "events are")) dated too far from the \
      others to be shown here.</p>
      """
  }

  private var inputs: Markup {
    func input(_ id: String, _ label: Markup, _ value: Int?) -> Markup {
      """
      <label>\(label) <input type="number" id="\(id)" min="0" max="1000000" step="1" \
      value="\(value.map { "\($0)" } ?? "")" autocomplete="off"></label>
      """
    }
    return """
      <div class="inputs">\(input("reviewers", "Reviewers", report.capacity?.reviewers))\
      \(input("reviews-a-day", "Reviews a day by each", report.capacity?.reviewsPerDay))</div>
      """
  }

  private var capacityText: Markup {
    guard let capacity = report.capacity else {
      return """
        The busiest day has \(context.live("busiest-day")) events to review. Say how much your reviewers can do to see on \
        which days that is too much.
        """
    }
    return """
      Of \(ReportContext.number(report.days.days.count, "day", "days")), \(context.live("days-above")) \
      brought more than the \(grouped(capacity.perDay)) reviews a day that the reviewers can do; at most \
      \(context.live("longest-queue")) were left over at the end of a day. The busiest day has \
      \(context.live("busiest-day")).
      """
  }

  private func chart(_ load: WorkLoad) -> Markup {
    let perBar = Self.daysPerBar(report.days.days.count)
    let starts = Array(stride(from: 0, to: report.days.days.count, by: perBar))
    let bars = starts.map { start in
      let days = start..<min(start + perBar, report.days.days.count)
      return (reviews: load.reviews[days].reduce(0, +), blocks: load.blocks[days].reduce(0, +))
    }
    let capacity = report.capacity.map { Double($0.perDay) * Double(perBar) } ?? 0
    let (top, step) = Scale.round(
      above: max(bars.map { Double($0.reviews + $0.blocks) }.max() ?? 0, capacity, Self.topMin))
    var content: Markup = "<g id=\"day-grid\">\(grid(top, step))</g>"
    let width = 1 / Double(bars.count)
    for (index, bar) in bars.enumerated() {
      let reviewed = Double(bar.reviews) / top * Double(Self.height)
      let blocked = Double(bar.blocks) / top * Double(Self.height)
      let (x, wide) = (Drawing.percent((Double(index) + 0.1) * width), Drawing.percent(0.8 * width))
      content += """
        <rect class="outcome review" data-day-review="\(index)" x="\(x)" width="\(wide)" \
        y="\(Drawing.decimal(Double(Self.height) - reviewed))" height="\(Drawing.decimal(reviewed))"/>\
        <rect class="outcome block" data-day-block="\(index)" x="\(x)" width="\(wide)" \
        y="\(Drawing.decimal(Double(Self.height) - reviewed - blocked))" height="\(Drawing.decimal(blocked))"/>
        """
    }
    let line = Drawing.decimal(Double(Self.height) * (1 - capacity / top))
    content += """
      <line class="capacity" id="capacity-line" x1="0" x2="100%" y1="\(line)" y2="\(line)"\
      \(report.capacity == nil ? " visibility=\"hidden\"" : "")/>\
      \(ticks(starts))
      """
    let unit: Markup = perBar == 1 ? "day" : "\(perBar) days"
    return Drawing.chart(
      "days", title: "Alerts by day",
      description:
        "A bar for each \(unit): reviews below, blocks above them. The figures are in the table below.",
      height: Self.height, content)
  }

  private func grid(_ top: Double, _ step: Double) -> Markup {
    Drawing.grid(
      stride(from: 0, through: top, by: step).map { ($0 / top, Figure.short($0)) }, height: Self.height)
  }

  private func ticks(_ starts: [Int]) -> Markup {
    let every = max(1, (starts.count + 7) / 8)
    let labels = starts.indices.filter { $0 % every == 0 }.enumerated().map { place, index -> Markup in
      let x = Drawing.percent((Double(index) + 0.5) / Double(starts.count))
      let kind: Markup = place % 2 == 1 ? " minor" : ""
      let name = Moment.shortDate(day: report.days.days[starts[index]])
      return "<text class=\"axis\(kind)\" x=\"\(x)\" y=\"\(Self.height + 18)\">\(name)</text>"
    }
    return
      "<line class=\"axis-line\" x1=\"0\" x2=\"100%\" y1=\"\(Self.height)\" y2=\"\(Self.height)\"/>\(Array(labels))"
  }

  private func table(_ load: WorkLoad) -> ReportTable {
    let rows = report.days.days.indices.map { day -> [ReportTable.Cell] in
      [
        .init("\(Moment.date(day: report.days.days[day]))"),
        .init("<span data-reviews-of-day=\"\(day)\">\(grouped(load.reviews[day]))</span>"),
        .init("<span data-blocks-of-day=\"\(day)\">\(grouped(load.blocks[day]))</span>"),
      ]
    }
    return ReportTable(
      caption: "Alerts by day (UTC)",
      columns: [
        .init(name: "Day"), .init(name: "Review", isNumber: true), .init(name: "Block", isNumber: true),
      ],
      rows: rows)
  }
}
