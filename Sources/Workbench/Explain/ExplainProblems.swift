internal import Assay
internal import CEL
package import RuleSets

/// Why something cannot be explained. Made of ids, files and refusals from outside, so nothing in it acts on a terminal.
package struct ExplainProblem: Error, Hashable, Sendable {
  /// Lower case, no final period.
  package let message: String
  package let hint: String?

  init(message: String, hint: String?) {
    self.message = VisibleLine.of(message)
    self.hint = hint.map { VisibleLine.of($0) }
  }
}

/// Rules that are named to be looked at.
package enum RuleChoice {
  /// Why `id` names no rule of the rule set that is evaluated; nil where it does.
  package static func problem(_ id: String, in rules: RuleSet) -> ExplainProblem? {
    if rules.rules.contains(where: { $0.id == id }) { return nil }
    let near = DidYouMean.nearest(to: id, among: rules.rules.map(\.id))
    return ExplainProblem(
      message: "there is no rule `\(id)`",
      hint: near.map { "did you mean `\($0)`?" } ?? "rules with `status: off` are not evaluated")
  }
}

extension EventSearch {
  /// Why the event was not found, when all files are read.
  package var problem: ExplainProblem {
    let id = idText
    if let refusal {
      let place = "\(refusal.place.file):\(refusal.place.number)"
      return ExplainProblem(
        message: "the event `\(id)` was refused: \(place): \(refusal.refusal)",
        hint: "a refused event has no decision; mend the line")
    }
    if lines == 0 {
      return ExplainProblem(
        message: "there is no event `\(id)`: there are no events at all",
        hint: "see that the files have lines")
    }
    let count = events == 1 ? "1 event was" : "\(events) events were"
    let bad = lines - events
    let refused = bad == 0 ? "" : bad == 1 ? ", 1 line was refused" : ", \(bad) lines were refused"
    return ExplainProblem(
      message: "there is no event `\(id)`: \(count) read\(refused)",
      hint: near.likely
        ?? (bad > 0 ? "`assay replay` shows what is wrong with the lines" : near.hint(among: "these events")))
  }
}
