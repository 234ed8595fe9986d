/// What is wrong or odd about the events: what an author should know before believing the rest.
struct HealthSection {
  private static let rowsShown = 12

  let context: ReportContext
  private var health: DataHealth { context.report.health }

  var markup: Markup {
    ReportContext.section(
      "health", "Data health",
      "\(notes)\(refused)\(unanswered)\(missing)\(counts)\(types)")
  }

  /// One sentence for each thing that is not as it should be; one where all is well.
  private var notes: Markup {
    var notes: [Markup] = []
    func note(_ count: Int, _ one: String, _ many: String, _ meaning: Markup) {
      if count > 0 { notes.append("<b>\(ReportContext.number(count, one, many))</b> \(meaning)") }
    }
    let lines = context.report.input.lines - context.report.input.events
    note(lines, "line", "lines", "got no decision: see below.")
    for error in health.inputErrors {
      notes.append("A file was not read to its end: \(Markup.coded(error)).")
    }
    for remark in health.warnings + health.remarks {
      notes.append("\(Markup.coded(remark, isSentence: true)).")
    }
    note(
      health.late, "event", "events",
      "came later than <code>max_lateness</code>: windows may lack what is gone.")
    note(
      health.repeated, "event", "events",
      "came again and got the decision given before; the figures above count an event once.")
    note(health.dryRuns, "event is", "events are", "a dry run: not counted on this page.")
    note(health.recomputed, "event", "events", "came again and were decided anew.")
    note(health.degraded, "decision", "decisions", "were made without all of their windows.")
    guard context.report.input.lines > 0 || !notes.isEmpty else {
      return "<p class=\"remark\">There was no line to look at.</p>"
    }
    guard !notes.isEmpty else {
      return "<p class=\"good\">No line was refused, no event was late, repeated or degraded.</p>"
    }
    return "<ul class=\"notes\">\(notes.map { "<li>\($0)</li>\n" })</ul>"
  }

  private var refused: Markup {
    guard !health.refused.isEmpty else { return "" }
    let reasons = ReportTable(
      caption: "Lines without a decision, by reason",
      columns: [.init(name: "Reason"), .init(name: "Lines", isNumber: true)],
      rows: health.refused.map { [.init("<code>\($0.code)</code>"), .init(count: $0.lines)] })
    let lines = ReportTable(
      caption: "The first of them",
      columns: [.init(name: "Line"), .init(name: "Reason"), .init(name: "What is wrong")],
      rows: health.badLines.map {
        [.init("\($0.place)"), .init("<code>\($0.code)</code>"), .init("\($0.message)")]
      })
    return "\(reasons.markup)\(lines.folded("The first refused lines"))"
  }

  private var unanswered: Markup {
    guard !health.unanswered.isEmpty else { return "" }
    let rows = health.unanswered.map { item -> [ReportTable.Cell] in
      [
        .init("<code>\(item.rule)</code>"), .init("\(item.why)"),
        .init(item.field.map(ReportContext.path) ?? ""), .init(count: item.events),
      ]
    }
    return folding(
      rows, "Rules without an answer",
      [
        .init(name: "Rule"), .init(name: "Why"), .init(name: "Field or feature"),
        .init(name: "Events", isNumber: true),
      ])
  }

  /// Fields that rules read and events lack come first; fields that a type never has and nobody reads are one sentence.
  private var missing: Markup {
    let relevant = health.missing.filter { !$0.readers.isEmpty || $0.missing < $0.events }
    guard !health.missing.isEmpty else { return "" }
    let sorted = relevant.sorted { left, right in
      if left.readers.isEmpty != right.readers.isEmpty { return right.readers.isEmpty }
      return (right.missing, left.type, left.field) < (left.missing, right.type, right.field)
    }
    let rows = sorted.map { item -> [ReportTable.Cell] in
      let count = ShortList.count(of: item.readers.count, atMost: 3)
      let readers = item.readers.prefix(count).map { "<code>\($0)</code>" as Markup }
      let rest: Markup = item.readers.count > count ? " and \(item.readers.count - count) more" : ""
      return [
        .init(ReportContext.path(item.field)), .init("\(item.type)"), .init(count: item.missing),
        .init(share: Share(item.missing, of: item.events)), .init(.joined(readers, by: ", ") + rest),
      ]
    }
    let silent = health.missing.count - relevant.count
    let remark: Markup =
      silent > 0
      ? "<p class=\"remark\">\(ReportContext.number(silent, "field", "fields")) that no rule reads \(silent == 1 ? "is" : "are") in no event of the type and left out.</p>"
      : ""
    return folding(
      rows, "Missing fields by event type",
      [
        .init(name: "Field"), .init(name: "Event type"), .init(name: "Missing in", isNumber: true),
        .init(name: "Share", isNumber: true), .init(name: "Read by rules"),
      ]) + remark
  }

  private var counts: Markup {
    let groups: [(String, [(name: String, events: Int)], String)] = [
      ("above its limit: a lower bound (`saturated`)", health.saturated, "Feature"),
      ("window begins before its column was recorded (`warming`)", health.warming, "Feature"),
      ("kept by panes of time (`approximate`)", health.approximate, "Feature"),
      ("a value that the enumeration does not list", health.unlisted, "Field"),
    ]
    let rows = groups.flatMap { what, items, kind in
      items.map { item -> [ReportTable.Cell] in
        [
          .init("<code>\(item.name)</code>"), .init("\(kind)"), .init(Markup.coded(what)),
          .init(count: item.events),
        ]
      }
    }
    guard !rows.isEmpty else { return "" }
    return folding(
      rows, "Odd values",
      [.init(name: "Name"), .init(name: "Kind"), .init(name: "What"), .init(name: "Events", isNumber: true)])
  }

  private var types: Markup {
    guard health.types.count > 1 else { return "" }
    return ReportTable(
      caption: "Events by type", columns: [.init(name: "Type"), .init(name: "Events", isNumber: true)],
      rows: health.types.map { [.init("\($0.name)"), .init(count: $0.events)] }
    ).folded("Events by type")
  }

  /// The first rows at once, the rest behind a word.
  private func folding(
    _ rows: [[ReportTable.Cell]], _ caption: Markup, _ columns: [ReportTable.Column]
  ) -> Markup {
    guard !rows.isEmpty else { return "" }
    let first = ReportTable(caption: caption, columns: columns, rows: Array(rows.prefix(Self.rowsShown)))
    guard rows.count > Self.rowsShown else { return first.markup }
    let rest = ReportTable(
      caption: caption + ", continued", columns: columns, rows: Array(rows.dropFirst(Self.rowsShown)))
    return "\(first.markup)\(rest.folded("\(rows.count - Self.rowsShown) more"))"
  }
}
