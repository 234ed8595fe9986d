import Assay

/// What the ledger knows of an event. Moments are counts of what happened: each event sent and each answer is one.
struct ChaosEntry {
  let event: ChaosEvent
  /// When it was sent for the first time.
  let firstSent: Int
  /// Its serial's rivals: contents under the same id.
  var rivals: [Int] = []
  /// When it was first answered by a decision that is not degraded, or was found in the logs afterwards.
  var acknowledged: Int?
  /// When it was answered that the id belongs to another content.
  var refused: Int?
  /// It was answered by a decision that is degraded.
  var wasDegraded = false
  /// Decisions that allowed it, and that blocked it.
  var wasAllowed = false
  var wasBlocked = false
  /// The serial of the event that takes it back.
  var undo: Int?
  /// It was found to count nowhere, when all was quiet; and not to count as accepted.
  var isOut = false
  var isExcluded = false
  /// It was looked for in the logs before.
  var wasSought = false
  /// The decisions that were made, and those that were said to be repeated.
  var decisions: [Decision] = []
  var repeats: [Decision] = []

  init(_ event: ChaosEvent, firstSent: Int) {
    self.event = event
    self.firstSent = firstSent
  }

  /// Whether a decision was made that says nothing of another.
  var isDecidedAsFirst: Bool { decisions.contains { !$0.recomputed } }
}
