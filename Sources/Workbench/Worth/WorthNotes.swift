internal import Assay

/// What must be said beside the figures, so that nobody reads more into them than they hold.
extension WorthRecorder {
  /// More than one late event of so many are not the ordinary ways of a network.
  private static let latePart = 20

  /// Everything: what is wrong, and which amounts were counted.
  package var notes: [String] { warnings + [amountChoice.map { "amounts are " + $0 }].compactMap(\.self) }

  /// Which field an event's amount is from, where some event has several; a choice, and no fault of the stream.
  var amountChoice: String? {
    guard severalAmountsCount > 0 else { return nil }
    return "of the first field of money that an event has (\(amountField.path ?? "")); "
      + "\(Counted.text(severalAmountsCount, "event has", "events have")) several: `--amount` chooses one"
  }

  /// Lower case, without a period at the end; nothing where everything is as it should be.
  package var warnings: [String] {
    var notes = truthNotes
    if let late = Self.lateNote(lateCount, of: tally.eventCount) { notes.append(late) }
    if tally.mergedCount > 0 {
      notes.append(
        "\(tally.mergedCount) events are counted without their rules, because there are more than \(Tally.kindsMax) kinds "
          + "of events: what rules caught is a lower bound")
    }
    if brokenCount > 0 {
      notes.append(
        "the breaker turned \(Counted.text(brokenCount, "block into a review", "blocks into reviews")); thresholds and what only one rule raised are told "
          + "without it")
    }
    return notes
  }

  /// What is to be said of the labels and the amounts.
  var truthNotes: [String] {
    var notes = labels.map { Self.notes(on: $0, tally.totals) } ?? []
    if furtherCurrencyCount > 0 {
      notes.append(
        "the amounts of \(Counted.text(furtherCurrencyCount, "event")) are left out: more than \(Currencies.countMax) currencies"
      )
    }
    return notes
  }

  /// Of a stream in which more events are late than networks account for; nil for others.
  static func lateNote(_ late: Int, of events: Int) -> String? {
    guard late * latePart > events else { return nil }
    return
      "\(late) of \(Counted.text(events, "event")) \(late == 1 ? "is" : "are") late: the stream is not in the order of time, and windows hold "
      + "what stands before an event in the stream; `--sort` sorts it"
  }

  private static func notes(on labels: Labels, _ totals: StakesByTruth) -> [String] {
    var notes: [String] = []
    if labels.unmetCount > 0 {
      let shown = labels.firstUnmet.map { "`\(VisibleLine.of($0.id))` (line \($0.line))" }
      let rest = labels.unmetCount - shown.count
      let names =
        shown.isEmpty
        ? "" : ": " + shown.joined(separator: ", ") + (rest > 0 ? " and \(grouped(rest)) more" : "")
      notes.append(
        labels.metCount == 0
          ? (labels.count == 1
            ? "the only label belongs to no event of the stream"
            : "none of the \(grouped(labels.count)) labels belongs to an event of the stream")
            + "\(names); see that the ids are the same"
          : "\(grouped(labels.unmetCount)) \(labels.unmetCount == 1 ? "label belongs" : "labels belong")"
            + " to no event of the stream\(names)")
    }
    if let note = doubtOnUnlabelled(labels, totals) { notes.append(note) }
    if labels.contradictedCount > 0 {
      notes.append(
        Counted.text(labels.contradictedCount, "line contradicts", "lines contradict") + " a label before")
    }
    if labels.kinds.count > Labels.kindsMax {
      notes.append(
        "kinds of fraud beyond the first \(Labels.kindsMax) are counted as `\(Labels.furtherKinds)`")
    }
    if totals.fraud.events == 0, totals.events > 0 {
      notes.append("no event of the stream is labelled as fraud: there is nothing to catch")
    }
    return notes
  }

  /// A file that tells both sides has at least one honest event for so many frauds.
  private static let fraudsOfHonest = 10

  /// A list of frauds with a few honest events in it is mostly still a list of frauds.
  private static func doubtOnUnlabelled(_ labels: Labels, _ totals: StakesByTruth) -> String? {
    let (honest, fraud) = (labels.counts[.honest] ?? 0, labels.counts[.fraud] ?? 0)
    guard labels.unlabelledTruth == nil, honest > 0, honest * fraudsOfHonest <= fraud,
      totals.unknown.events > totals.fraud.events + totals.honest.events
    else { return nil }
    return
      "because \(Counted.text(honest, "label is", "labels are")) honest, \(Counted.text(totals.unknown.events, "event")) "
      + "count as unknown and are left out: if what the file does not mention is honest, say `--unlabelled honest`, else "
      + "`--unlabelled unknown`"
  }
}
