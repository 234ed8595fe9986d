/// Which rules fire together.
struct OverlapSection {
  let context: ReportContext

  var markup: Markup {
    let overlap = context.report.overlap
    guard overlap.rules.count > 1 else { return "" }
    guard overlap.hasPair else {
      return ReportContext.section(
        "overlap", "Rules that fire together",
        "<p class=\"remark\">No two rules fired on the same event.</p>")
    }
    let fired = context.report.rules.count { $0.hits > 0 }
    let limit: Markup =
      fired > overlap.rules.count
      ? " The \(overlap.rules.count) most frequent of \(fired) rules that fired are shown." : ""
    return ReportContext.section(
      "overlap", "Rules that fire together",
      """
      <p class="remark">Of the events on which the rule at the left fired, the share on which the rule above fired as well. \
      Two rules that are always together are one rule.\(limit)</p>
      \(table(overlap))
      """)
  }

  private func table(_ overlap: ReplayReport.Overlap) -> Markup {
    let rules = context.report.rules
    let heads = overlap.rules.indices.map { place -> Markup in
      "<th scope=\"col\" title=\"\(rules[overlap.rules[place]].id)\"><abbr title=\"\(rules[overlap.rules[place]].id)\">\(place + 1)</abbr></th>"
    }
    let rows = overlap.rules.indices.map { row -> Markup in
      let own = overlap.counts[row][row]
      let cells = overlap.rules.indices.map { column -> Markup in
        if row == column { return "<td class=\"self\">\(Figure.short(Double(own)))</td>" }
        return cell(Share(overlap.counts[row][column], of: own), rules[overlap.rules[column]].id)
      }
      return
        "<tr><th scope=\"row\">\(row + 1) <code>\(rules[overlap.rules[row]].id)</code></th>\(cells)</tr>\n"
    }
    return """
      <div class="scroll" tabindex="0" role="group" aria-label="table"><table class="heat">
      <caption>Share in percent; on the diagonal, how often the rule fired</caption>
      <thead><tr><td></td>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
      """
  }

  private func cell(_ share: Share, _ other: String) -> Markup {
    guard let value = share.value, value > 0 else { return "<td class=\"q0\"></td>" }
    let level = min(5, max(1, Int((value * 5).rounded(.up))))
    let text = value >= 0.995 ? "100" : value < 0.01 ? "<1" : String(Int((value * 100).rounded(.down)))
    return
      "<td class=\"q\(level)\" title=\"\(grouped(share.part)) of \(grouped(share.whole)) also \(other)\">\(text)</td>"
  }
}

extension ReplayReport.Overlap {
  /// Whether any two rules fired on the same event.
  fileprivate var hasPair: Bool {
    counts.enumerated().contains { row, counts in
      counts.enumerated().contains { column, count in column != row && count > 0 }
    }
  }
}
