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
    for remark in remarks {
      let lines = Wrapping.lines("note: \(remark)", width: width)
      text += lines.joined(separator: "\n").replacing(
        "note", with: paint("note", .strong), maxReplacements: 1)
      text += "\n"
    }
    text += "\n\(paint(headline, .strong))\n"
    text += "\(verdict)\n"
    let first = changesSection
    if !first.isEmpty { text += first.text(paint, width: width) }
    for section in responsibleSections { text += section.text(paint, width: width) }
    text += samplesText(paint, width: width)
    for section in furtherSections { text += section.text(paint, width: width) }
    return text + problems(paint)
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
    return table.text.isEmpty ? "" : "\n" + table.text
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
