/// What must be said beside the figures, so that nobody reads more into them than they hold.
extension WorthRecorder {
  /// More than one late event of so many are not the ordinary ways of a network.
  private static let latePart = 20

  /// Lower case, without a period at the end; nothing where everything is as it should be.
  package var notes: [String] {
    var notes: [String] = []
    if let labels { notes += Self.notes(on: labels, tally.totals) }
    if lateCount * Self.latePart > tally.eventCount {
      notes.append(
        "\(lateCount) of \(tally.eventCount) events are late: the stream is not in the order of time, and windows hold "
          + "what stands before an event in the stream; `--sort` sorts it")
    }
    if severalAmountsCount > 0 {
      notes.append(
        "\(severalAmountsCount) events have several fields of money, of which the first counts "
          + "(\(amountField.path ?? "")); `--amount` chooses another")
    }
    if furtherCurrencyCount > 0 {
      notes.append(
        "the amounts of \(furtherCurrencyCount) events are left out: more than \(Currencies.countMax) currencies"
      )
    }
    if tally.mergedCount > 0 {
      notes.append(
        "\(tally.mergedCount) events are counted without their rules, because there are more than \(Tally.kindsMax) kinds "
          + "of events: what rules caught is a lower bound")
    }
    if brokenCount > 0 {
      notes.append(
        "the breaker turned \(brokenCount) blocks into reviews; thresholds and what only one rule raised are told "
          + "without it")
    }
    return notes
  }

  private static func notes(on labels: Labels, _ totals: StakesByTruth) -> [String] {
    var notes: [String] = []
    if labels.metCount == 0 {
      notes.append(
        "none of the \(labels.count) labels belongs to an event of the stream: see that the ids are the same")
    } else if labels.unmetCount > 0 {
      let labelsText = labels.unmetCount == 1 ? "1 label belongs" : "\(labels.unmetCount) labels belong"
      notes.append("\(labelsText) to no event of the stream")
    }
    if labels.contradictedCount > 0 {
      let lines =
        labels.contradictedCount == 1 ? "1 line contradicts" : "\(labels.contradictedCount) lines contradict"
      notes.append("\(lines) a label before")
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
}
