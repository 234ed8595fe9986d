internal import RuleSets

extension ComparisonReport {
  /// The comparison for a pull request: the figures first, everything else folded.
  package func markdown() -> String {
    var text = "### assay: \(headline)\n\n"
    for (name, side) in [("Before", before), ("After", after)] {
      text +=
        "\(name): \(MarkdownText.code(side.place)) \(MarkdownText.code(side.rules.version.shortened))  \n"
    }
    text += "\n\(exceedsLimit ? "**\(sentence(verdict))**" : sentence(verdict))\n"
    for warning in warnings { text += "\n**Warning**: \(MarkdownText.words(warning))\n" }
    for (place, section) in figures.enumerated() {
      // The first needs no name: it is what the headline counts.
      text += (place == 0 ? "\n" : "\n**\(Self.capitalised(section.title))**\n\n") + section.markdown
    }
    for remark in remarks { text += "\n\(sentence(remark))\n" }
    text += responsibleSections.map(folded).joined() + samplesMarkdown + furtherSections.map(folded).joined()
    let problems = problems(Paint(color: false))
    if !problems.isEmpty {
      let lines = problems.split(separator: "\n").map { "    \($0)\n" }
      text += "\n\(lines.joined())"
    }
    return text
  }

  private func folded(_ section: ReportSection) -> String {
    "\n<details><summary>\(title(of: section))</summary>\n\n\(section.markdown)\n</details>\n"
  }

  private func title(of section: ReportSection) -> String {
    let title = Self.capitalised(section.title)
    let count = section.rows.count { !($0.first?.text.isEmpty ?? true) }
    return count > 0 ? "\(title) (\(count))" : title
  }

  /// A sentence of our own; names in it are in back-ticks already.
  private func sentence(_ text: String) -> String { Self.capitalised(text) + "." }

  private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
