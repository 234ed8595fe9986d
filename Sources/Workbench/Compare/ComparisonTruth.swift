internal import Assay
internal import RuleSets

/// What is known of the truth of the compared events, and what the two rule sets catch of it.
package struct ComparisonTruth: Sendable {
  /// Of the later rule set: the labels, and what is to be said of them.
  package private(set) var recorder: WorthRecorder
  package private(set) var worth = ComparisonWorth()

  /// Nothing counted yet.
  init(_ rules: RuleSet, _ labels: Labels, _ amount: AmountField?) {
    recorder = WorthRecorder(rules: rules, labels: labels, amountField: amount)
  }

  /// Lines of the file of labels that are none.
  package var badLabelCount: Int { recorder.labels?.badLineCount ?? 0 }

  /// Counts two decisions about one event and gives back its label; nil where they do not count.
  mutating func count(_ old: borrowing Decision, _ new: borrowing ExaminedDecision) -> Label? {
    let later = new.decision
    guard let facts = recorder.facts(recording: new.visit.event, later) else { return nil }
    worth.count(OutcomeChange(old.outcome, later.outcome), facts)
    return facts.label
  }

  /// What a label says.
  func truth(of label: Label) -> ChangedDecision.Truth {
    ChangedDecision.Truth(label: label.truth, kind: recorder.labels?.name(of: label))
  }

  /// The figures for people, before and after.
  var section: ReportSection {
    var section = ReportSection("what both catch", ["of what is", "", "before", "after"])
    var level: CatchLevel?
    for row in worth.rows(recorder.tally.currencies) {
      section.rows.append([
        .init(level == row.level ? "" : row.level.title), .init(row.name), .init(row.before),
        .init(row.after, .words, row.before == row.after ? nil : .strong),
      ])
      level = row.level
    }
    if let labels = recorder.labels { section.notes.append("labels: \(labels.countsText)") }
    section.notes.append("truth: \(recorder.tally.totals.text)")
    if let amounts = recorder.amountChoice { section.notes.append("amounts: \(amounts)") }
    section.notes.append("in parentheses: where the true share lies with 95 % confidence")
    return section
  }

  /// The same for machines.
  var json: JSONValue {
    let tally = recorder.tally
    func side(_ confusion: (CatchLevel) -> Confusion) -> JSONValue {
      .object(CatchLevel.allCases.map { .init($0.rawValue, tally.json(confusion($0))) })
    }
    return .object([
      .init("labels", recorder.labels?.json ?? .null), .init("events", tally.json(tally.totals)),
      .init("amount", recorder.amountField.path.map { .string($0) } ?? .null),
      .init("before", side { worth.confusions($0).before }),
      .init("after", side { worth.confusions($0).after }),
      .init("notes", .array(recorder.truthNotes.map { .string($0) })),
    ])
  }
}

extension Label.Truth {
  /// As label files and JSON say it.
  var word: String {
    switch self {
    case .honest: "honest"
    case .fraud: "fraud"
    case .unknown: "unknown"
    }
  }
}
