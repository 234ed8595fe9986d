package import Assay

/// The decisions of a recorded history, as `replay` wrote them: asked for by the ids of the events, in about their
/// order.
///
/// What stands in the file before the decision that is asked for is kept, up to `pendingMax` of them; so the order may
/// differ a little, and events without a decision cost no more than that. Decisions whose events do not come are given
/// up, so that they do not fill that room for good: those that the events have left far behind, and half of the room
/// where no event at all finds its decision there.
package final class RecordedDecisions {
  private static let pendingMax = 16_384
  /// Decisions that stand so far before one that was asked for are given up; as many may still stand ahead.
  private static let behindMax = pendingMax / 2
  /// After so many events in a row without a decision, with the room full, the file is ahead of the events no more.
  private static let missesMax = 1_024

  private var reader: LineReader
  private var pending: [String: Pending] = [:]
  /// The same in the order of the file, among others that were asked for since.
  private var order: [(event: String, place: Int)] = []
  private var oldest = 0
  /// Decisions read so far, and the greatest number of one that was asked for.
  private var readCount = 0
  private var reached = 0
  private var misses = 0
  private var isAtEnd = false
  /// The first line that is no decision.
  private(set) var badLine: ReplaySummary.LinePlace?
  private(set) var badLineCount = 0
  /// Decisions that were given up.
  package private(set) var passedOverCount = 0

  private struct Pending {
    let decision: Decision
    let place: Int
  }

  /// Opens the file at `path`.
  package init(opening path: String) throws(InputError) { reader = try LineReader(opening: path) }

  /// How the file is called in messages.
  var name: String { reader.name }

  /// The decision that was made for the event when it was first seen; nil where the file has none.
  package func decision(for event: String) throws(InputError) -> Decision? {
    if let found = pending.removeValue(forKey: event) {
      reach(found.place)
      return found.decision
    }
    if pending.count >= Self.pendingMax && misses >= Self.missesMax {
      giveUp(upTo: readCount - Self.behindMax)
    }
    while pending.count < Self.pendingMax, let next = try next() {
      readCount += 1
      if next.event == event {
        reach(readCount)
        return next
      }
      pending[next.event] = Pending(decision: next, place: readCount)
      order.append((next.event, readCount))
    }
    misses += 1
    return nil
  }

  private func reach(_ place: Int) {
    misses = 0
    reached = max(reached, place)
    giveUp(upTo: reached - Self.behindMax)
  }

  private func giveUp(upTo place: Int) {
    while oldest < order.count, order[oldest].place <= place {
      let given = order[oldest]
      oldest += 1
      guard pending[given.event]?.place == given.place else { continue }
      pending[given.event] = nil
      passedOverCount += 1
    }
    if oldest > Self.pendingMax {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  /// The next decision that something followed from: none that was repeated or only rehearsed.
  private func next() throws(InputError) -> Decision? {
    while !isAtEnd {
      guard let found = try reader.next() else {
        isAtEnd = true
        break
      }
      guard found == .line, let decision = Decision(line: reader.line) else {
        if badLine == nil { badLine = ReplaySummary.LinePlace(file: reader.name, number: reader.number) }
        badLineCount += 1
        continue
      }
      if !decision.repeated && !decision.dryRun { return decision }
    }
    return nil
  }
}
