internal import RuleSets

/// What the sections of the page share while they are drawn.
struct ReportContext {
  let report: ReplayReport
  let axis: ScoreAxis
  let standing: Standing
  let figures: FigureTexts

  init(_ report: ReplayReport) {
    self.report = report
    axis = ScoreAxis(report)
    standing = Standing(report.profiles, thresholds: report.identity.thresholds)
    figures = FigureTexts(report, thresholds: report.identity.thresholds)
  }

  /// A figure that follows the thresholds.
  func live(_ name: String) -> Markup { "<span data-figure=\"\(name)\">\(figures[name])</span>" }

  /// The currency of the page's amounts at first.
  var money: ReplayReport.Currency? { report.currencies.first }

  /// Amounts of all currencies, the most frequent currency first; those of nothing are left out.
  func amounts(_ amounts: [Int128]) -> Markup {
    let pairs = zip(amounts, report.currencies).filter { $0.0 != 0 }
    guard !pairs.isEmpty else { return "\(Figure.none)" }
    let count = ShortList.count(of: pairs.count, atMost: 3)
    let shown = pairs.prefix(count).map { "\(Figure.amount($0.0, $0.1))" as Markup }
    let rest: Markup = pairs.count > count ? "<br>and \(pairs.count - count) more" : ""
    return .joined(shown, by: "<br>") + rest
  }

  /// A dotted path, which may be broken at its dots.
  static func path(_ path: String) -> Markup {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map { "\(String($0))" as Markup }
    return "<code>\(Markup.joined(parts, by: ".<wbr>"))</code>"
  }

  /// A section of the page with its name.
  static func section(_ id: String, _ title: Markup, _ content: Markup) -> Markup {
    """
    <section id="\(id)" aria-labelledby="\(id)-title">
    <h2 id="\(id)-title">\(title)</h2>
    \(content)
    </section>

    """
  }

  /// `1 event`, `2 events`.
  static func number(_ count: Int, _ one: String, _ many: String) -> Markup {
    "\(grouped(count)) \(count == 1 ? one : many)"
  }
}

extension Markup {
  static func + (left: Markup, right: Markup) -> Markup {
    var result = left
    result += right
    return result
  }
}
