internal import RuleSets

/// The tables of a comparison, in the order in which a reader wants them.
extension ComparisonReport {
  /// Rows about parties and rules that text and Markdown show; JSON has all.
  private static let rowsMax = 25

  /// The short one that stands first.
  var changesSection: ReportSection {
    var section = ReportSection(
      "decisions that change",
      ["change", "decisions", "amounts", "frauds", "their amounts", "honest", "their amounts", "unknown"])
    for change in OutcomeChange.gravestFirst {
      guard let tally = summary.changes[change] else { continue }
      section.rows.append(
        [.init(change.text, .words, change.style), .number(tally.count), amounts(tally.amounts)]
          + truth(tally))
    }
    if summary.rescored > 0 {
      section.notes.append("\(grouped(summary.rescored)) more keep their outcome with another score")
    }
    return section
  }

  /// Who changed decisions, and which; those without anything to tell left out.
  var responsibleSections: [ReportSection] { [partiesSection, refusalsSection].filter { !$0.isEmpty } }

  /// What stands behind the samples, likewise.
  var furtherSections: [ReportSection] {
    [
      historySection, shadowSection, hitsSection, changesSection("rules", difference.rules),
      changesSection("features", difference.features),
      changesSection("lists", difference.lists), changesSection("decision", difference.decision),
      changesSection("schema", difference.fields),
    ].filter { !$0.isEmpty }
  }

  /// Where all are of one field, its name is not needed.
  private func amounts(_ amounts: AmountTotals) -> ReportSection.Cell {
    .amounts(amounts, namesFields: summary.namesAmountFields)
  }

  /// Frauds and honest events, with the amounts of each, and how many are neither; nothing where nothing is known.
  private func truth(_ tally: ComparisonSummary.ChangeCount) -> [ReportSection.Cell] {
    if summary.truth == nil { return [] }
    return [
      known(tally.frauds), amounts(tally.fraudAmounts), known(tally.honest), amounts(tally.honestAmounts),
      .number(tally.count - tally.frauds - tally.honest),
    ]
  }

  private var partiesSection: ReportSection {
    var section = ReportSection(
      "responsible for the changes",
      ["rule", "decisions", "frauds", "honest", "changes", "amounts", "why"])
    section.isLastApart = true
    let counted = summary.parties.map { party, tallies in
      (party: party, tallies: tallies, count: tallies.values.reduce(0) { $0 + $1.count })
    }.sorted { ($1.count, $0.party) < ($0.count, $1.party) }
    for entry in counted.prefix(Self.rowsMax) {
      var whole = ComparisonSummary.ChangeCount()
      let changes = OutcomeChange.gravestFirst.compactMap { change in
        entry.tallies[change].map { tally -> String in
          whole.merge(tally)
          return "\(change.text) \(grouped(tally.count))"
        }
      }
      section.rows.append([
        .code(entry.party.name), .number(entry.count), known(whole.frauds), known(whole.honest),
        .init(changes.joined(separator: ", ")), amounts(whole.amounts), cause(of: entry.party),
      ])
    }
    Self.tellRest(counted.count, in: &section)
    if counted.count > 1 {
      section.notes.append("a change with several rules behind it counts with each of them")
    }
    return section
  }

  /// A number that is told, be it 0, where something is known of the truth.
  private func known(_ count: Int) -> ReportSection.Cell {
    .init(summary.truth == nil ? "" : grouped(count), .number)
  }

  private var refusalsSection: ReportSection {
    var section = ReportSection("events that only one takes", ["refused by", "events", "first", "why"])
    section.isLastApart = true
    for (refused, count) in summary.refusedByOne.sorted(by: {
      ($1.value, $0.key.code) < ($0.value, $1.key.code)
    }) {
      let sample = summary.refusalSamples.first { $0.refused == refused }?.line
      section.rows.append([
        .init(refused.isRefusedBefore ? "before" : "after"), .number(count),
        .code(sample.map { "\($0.place.file):\($0.place.number)" } ?? ""),
        .init("\(refused.code)\(sample.map { ": " + $0.message } ?? "")"),
      ])
    }
    return section
  }

  private var historySection: ReportSection {
    var section = ReportSection(
      "windows that begin without their history", ["feature", "", "why", "whole"])
    for history in difference.histories {
      let what: String =
        switch history.extent {
        case .partly: "in part"
        case .nothing: history.isReset ? "reset" : "new"
        }
      section.rows.append([
        .code(history.feature), .init(what, .words, history.isReset ? .caution : nil), .init(history.reason),
        .init(history.fullText),
      ])
    }
    if !section.rows.isEmpty {
      section.notes.append(
        "over logs that were written before the change; here both saw every event from the first on")
    }
    return section
  }

  private var shadowSection: ReportSection {
    var section = ReportSection(
      "shadow rules", ["rule", "hits before", "hits after", "would change, were it live"])
    for (rule, hits) in summary.shadow.sorted(by: { $0.key < $1.key }) {
      let would = OutcomeChange.gravestFirst.compactMap { change in
        hits.wouldChange[change].map { "\(change.text) \(grouped($0))" }
      }
      section.rows.append([
        .code(rule), .number(hits.before), .number(hits.after), .init(would.joined(separator: ", ")),
      ])
    }
    return section
  }

  private var hitsSection: ReportSection {
    var section = ReportSection(
      "rules that fire otherwise", ["rule", "before", "after", "only before", "only after"])
    let moved = summary.hits.filter { $0.value.onlyBefore + $0.value.onlyAfter > 0 }
      .sorted { left, right in
        let (most, least) = (left.value.moved, right.value.moved)
        return (least, left.key) < (most, right.key)
      }
    for (rule, hits) in moved.prefix(Self.rowsMax) {
      section.rows.append([
        .code(rule), .number(hits.before), .number(hits.after), .number(hits.onlyBefore),
        .number(hits.onlyAfter),
      ])
    }
    Self.tellRest(moved.count, in: &section)
    return section
  }

  private func changesSection(_ title: String, _ changes: [DefinitionChange]) -> ReportSection {
    var section = ReportSection(title, ["name", "", "what"], showsHeads: false)
    section.isLastApart = true
    for change in changes.prefix(Self.rowsMax) {
      let first = ReportSection.Cell(change.kind.rawValue)
      guard !change.details.isEmpty else {
        section.rows.append([.code(change.name), first])
        continue
      }
      for (index, detail) in change.details.enumerated() {
        section.rows.append([
          index == 0 ? .code(change.name) : .init(""), index == 0 ? first : .init(""),
          .init(detail.text { $0 }, markdown: detail.text(mark: MarkdownText.code)),
        ])
      }
    }
    Self.tellRest(changes.count, in: &section)
    return section
  }

  private func cause(of party: ChangeParty) -> ReportSection.Cell {
    .init(difference.cause(of: party), markdown: difference.cause(of: party, mark: MarkdownText.code))
  }

  private static func tellRest(_ count: Int, in section: inout ReportSection) {
    if count > rowsMax {
      section.notes.append("and \(count - rowsMax) more, all of them with `--format json`")
    }
  }
}

extension ComparisonSummary.Hits {
  fileprivate var moved: Int { onlyBefore + onlyAfter }
}
