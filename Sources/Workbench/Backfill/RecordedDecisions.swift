internal import Assay

/// The decisions of a recorded history, as `replay` wrote them: asked for by the ids of the events, in about their
/// order.
///
/// What stands in the file before the decision that is asked for is kept, up to `pendingMax` of them; so the order may
/// differ a little, and events without a decision cost no more than that.
package final class RecordedDecisions {
  private static let pendingMax = 16_384

  private var reader: LineReader
  private var pending: [String: Decision] = [:]
  private var isAtEnd = false
  /// The first line that is no decision.
  private(set) var badLine: ReplaySummary.LinePlace?
  private(set) var badLineCount = 0

  /// Opens the file at `path`.
  package init(opening path: String) throws(InputError) { reader = try LineReader(opening: path) }

  /// The decision that was made for the event when it was first seen; nil where the file has none.
  func decision(for event: String) throws(InputError) -> Decision? {
    while true {
      if let found = pending.removeValue(forKey: event) { return found }
      guard pending.count < Self.pendingMax, let next = try next() else { return nil }
      if next.event == event { return next }
      pending[next.event] = next
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
