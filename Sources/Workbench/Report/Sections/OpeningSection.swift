internal import RuleSets

/// The head of the page: whose rules, which events, and in one sentence what they came to.
struct OpeningSection {
  let context: ReportContext
  private var report: ReplayReport { context.report }

  var markup: Markup {
    """
    <header>
    <p class="kicker">Replay report</p>
    <h1>\(report.identity.name)</h1>
    \(report.identity.description.map { "<p class=\"lead\">\($0)</p>\n" } ?? "")\
    <p class="period">\(period)</p>
    \(summary)
    </header>

    """
  }

  private var period: Markup {
    let input = report.input
    guard let first = input.first, let last = input.last else { return "No events." }
    let (start, end) = (Moment.day(of: first), Moment.day(of: last))
    let days = ReportContext.number(end - start + 1, "day", "days")
    let repeated: Markup =
      report.health.repeated > 0 ? " (and \(grouped(report.health.repeated)) that came again)" : ""
    let events = ReportContext.number(context.standing.events, "event", "events") + repeated
    if start == end { return "\(events) on \(Moment.date(day: start)) (UTC)" }
    return "\(events) over \(days), \(Moment.date(day: start)) to \(Moment.date(day: end)) (UTC)"
  }

  private var summary: Markup {
    let standing = context.standing
    guard standing.events > 0 else {
      let why: Markup =
        report.input.events > 0
        ? ": all of them are dry runs" : report.input.lines > 0 ? ": every line was refused" : ""
      return "<p class=\"summary\">There was no event to decide\(why).</p>"
    }
    let (blocked, reviewed) = (standing.count(.block), standing.count(.review))
    var text: Markup = """
      The rules blocked <b>\(grouped(blocked))</b> and sent <b>\(grouped(reviewed))</b> to review: \
      \(Figure.percent(Share(standing.alerts, of: standing.events))) of all events.
      """
    if report.hasLabels { text += truth(standing) }
    if let changes = report.changes {
      text +=
        changes.changed == 0
        ? " No decision differs from the baseline’s."
        : " <b>\(grouped(changes.changed))</b> \(changes.changed == 1 ? "decision differs" : "decisions differ") from the baseline’s."
    }
    return "<p class=\"summary\">\(text)</p>"
  }

  private func truth(_ standing: Standing) -> Markup {
    guard standing.frauds > 0 else { return " None of the events is labelled as fraud." }
    var text: Markup = " They caught <b>\(Figure.percent(standing.recall))</b> of the frauds"
    if let money = context.money, standing.fraudAmount > 0 {
      text += """
         and <b>\(Figure.percent(standing.amountRecall))</b> of their amount \
        (\(Figure.amount(standing.amountCaught, money)) of \(Figure.amount(standing.fraudAmount, money)))
        """
    }
    if standing.precision.whole > 0 {
      text += "; <b>\(Figure.percent(standing.precision))</b> of the flagged events were fraud"
    }
    return text + "."
  }
}
