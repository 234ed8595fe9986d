internal import Assay
internal import RuleSets

extension ComparisonReport {
  /// The comparison for people at a terminal of `width` characters.
  package func text(width: Int, color: Bool = false) -> String {
    let paint = Paint(color: color)
    var table = TextTable(paint)
    for (name, side) in [("before", before), ("after", after)] {
      table.add([
        .init(name, .faint), .init(side.rules.name), .init(side.rules.version.shortened),
        .init(VisibleLine.of(side.place), .strong),
      ])
    }
    var text = table.text
    text += remarks.map { Self.said("note", .strong, $0, paint, width) }.joined()
    text += warnings.map { Self.said("warning", .caution, $0, paint, width) }.joined()
    text += "\n\(paint(headline, .strong))\n"
    text += Wrapping.lines(verdict, width: width).map { $0 + "\n" }.joined()
    for section in figures + responsibleSections { text += section.text(paint, width: width) }
    text += samplesText(paint, width: width)
    for section in furtherSections { text += section.text(paint, width: width) }
    return text + problems(paint)
  }

  /// `note: …`, broken at blanks.
  private static func said(
    _ word: String, _ style: Paint.Style, _ text: String, _ paint: Paint, _ width: Int
  ) -> String {
    let lines = Wrapping.lines("\(word): \(text)", width: width).joined(separator: "\n")
    return paint(word, style) + lines.dropFirst(word.count) + "\n"
  }

  /// The tables of figures that stand first.
  var figures: [ReportSection] {
    [changesSection, summary.compared > 0 ? summary.truth?.section : nil].compactMap(\.self).filter {
      !$0.isEmpty
    }
  }

  /// What is doubtful about the events or what is known of them.
  var warnings: [String] {
    let late = WorthRecorder.lateNote(summary.late, of: summary.compared)
    return (summary.truth?.recorder.truthNotes ?? []) + [late].compactMap(\.self)
  }

  /// What a reader must know before any figure.
  var remarks: [String] {
    var remarks: [String] = []
    if namesDiffer {
      remarks.append(
        "these are two rule sets, `\(before.rules.name)` and `\(after.rules.name)`, not two versions of one: "
          + "each keeps logs under its own name")
    }
    if difference.isEmpty { remarks.append("the two rule sets decide alike: nothing that decides differs") }
    if !difference.fields.isEmpty {
      remarks.append("the schemas differ: an event may be read in two ways, or taken by one only")
    }
    if summary.repeated > 0 {
      remarks.append(
        summary.repeated == 1
          ? "1 retry got its first decision and is not counted"
          : "\(grouped(summary.repeated)) retries got their first decision and are not counted")
    }
    if summary.dryRuns > 0 {
      remarks.append(
        summary.dryRuns == 1
          ? "1 dry run is not counted" : "\(grouped(summary.dryRuns)) dry runs are not counted")
    }
    return remarks
  }

  /// Lines that neither takes, and files that could not be read.
  func problems(_ paint: Paint) -> String {
    var table = SummaryTable()
    summary.addProblems(to: &table, paint, empty: summary.lines == 0 ? "compare" : nil)
    let text = table.text + (summary.truth?.recorder.labels?.remarksText(color: paint.isOn) ?? "")
    return text.isEmpty ? "" : "\n" + text
  }
}

extension String {
  /// A version as people tell two apart: `sha256:` and the first twelve digits.
  var shortened: String {
    let parts = split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return self }
    return "\(parts[0]):\(parts[1].prefix(12))"
  }
}
