internal import RuleSets

/// Which rules, which data and which program the page is about, and how its numbers are to be read.
struct IdentitySection {
  let context: ReportContext
  private var report: ReplayReport { context.report }

  var markup: Markup {
    ReportContext.section(
      "identity", "Where this comes from",
      """
      <dl class="facts">\(facts)</dl>
      <h3>How to read it</h3>
      <ul class="notes">\(notes.map { "<li>\($0)</li>\n" })</ul>
      """)
  }

  private var facts: Markup {
    let identity = report.identity
    let input = report.input
    var facts: [(Markup, Markup)] = [
      ("Rules", "\(identity.name) <code class=\"whole\">\(identity.version)</code>"),
      ("Thresholds", "review from \(identity.thresholds.review), block from \(identity.thresholds.block)"),
      ("Events", files(input.files)),
      (
        "Lines",
        "\(grouped(input.lines)), of which \(grouped(input.events)) are events with a decision and \(grouped(input.lines - input.events)) were refused"
      ),
    ]
    if let first = input.first, let last = input.last {
      facts.append(("Time", "\(Moment.text(first)) to \(Moment.text(last)) UTC, by the events’ own time"))
    }
    if let labels = report.labels {
      let unmet: Markup =
        labels.withoutEvent > 0
        ? "; \(ReportContext.number(labels.withoutEvent, "label belongs", "labels belong")) to no event of these"
        : ""
      let others: Markup = labels.others == .honest ? "honest" : "unknown and is left out of every rate"
      facts.append(("Labels", "\(files(labels.files))\(unmet); an event without a label counts as \(others)"))
    }
    facts.append(("Program", "\(identity.program)"))
    return .joined(facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" })
  }

  private func files(_ names: [String]) -> Markup {
    let count = ShortList.count(of: names.count, atMost: 8)
    let shown = names.prefix(count).map { "<code>\($0)</code>" as Markup }
    return .joined(shown, by: ", ") + (names.count > count ? " and \(names.count - count) more files" : "")
  }

  private var notes: [Markup] {
    var notes: [Markup] = []
    if context.standing.events > 0 {
      notes.append(
        """
        Moving a threshold recomputes every decision from its score, exactly. Windows that count accepted events only \
        (<code>counting: accepted</code>) keep the values that they had at the rules’ own thresholds: for those, replay with \
        the thresholds that you like.
        """)
    }
    if report.hasLabels {
      notes += [
        "Precision is the part of the flagged events that is fraud; flagged is what is reviewed or blocked. Events of unknown truth count in neither.",
        "A 95 % interval (Wilson) says where the true share may be, given how few cases there are.",
      ]
    }
    if report.currencies.count > 1 {
      notes.append("Amounts of different currencies are never added up.")
    }
    notes.append(
      "The page is one file and asks nothing of any network; what is in it may be sent to whoever may see event ids."
    )
    return notes
  }
}
