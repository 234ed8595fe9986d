/// Which kinds of fraud are caught, and which pass.
struct KindSection {
  let context: ReportContext

  var markup: Markup {
    guard let kinds = context.report.labels?.kinds, !kinds.isEmpty, context.standing.frauds > 0 else {
      return ""
    }
    let rows = kinds.map { kind -> [ReportTable.Cell] in
      let share = Share(kind.alerts, of: kind.events)
      return [
        .init("\(kind.name)"), .init(count: kind.events), .init(count: kind.alerts),
        .init(count: kind.events - kind.alerts), .init(share: share),
        .init(bar(share), value: share.value ?? -1),
      ]
    }
    return ReportContext.section(
      "kinds", "Kinds of fraud",
      ReportTable(
        caption:
          "Frauds by the kind that the labels name, at the rule set’s own thresholds; caught is reviewed or blocked",
        columns: [
          .init(name: "Kind"), .init(name: "Events", isNumber: true), .init(name: "Caught", isNumber: true),
          .init(name: "Passed", isNumber: true), .init(name: "Share caught", isNumber: true),
          .init(name: "", meaning: "the share as a bar"),
        ], rows: rows, isSortable: true
      ).markup)
  }

  private func bar(_ share: Share) -> Markup {
    """
    <svg class="meter" width="160" height="14" aria-hidden="true"><rect class="rest" width="100%" height="14"/>\
    <rect class="part" width="\(Drawing.percent(share.value ?? 0))" height="14"/></svg>
    """
  }
}
