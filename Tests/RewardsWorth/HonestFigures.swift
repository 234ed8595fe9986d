package import Workbench

/// What honest players had to endure.
package struct HonestFigures: Sendable {
  package internal(set) var players = 0
  /// Any of their events, ever.
  package internal(set) var reviewedPlayers = 0
  package internal(set) var blockedPlayers = 0
  package internal(set) var events = 0
  package internal(set) var raisedEvents = 0
  package internal(set) var payouts = 0
  package internal(set) var heldPayouts = 0
  /// Cents.
  package internal(set) var heldAmount = 0

  package var reviewed: Rate { Rate(reviewedPlayers, of: players) }
  package var blocked: Rate { Rate(blockedPlayers, of: players) }
  package var held: Rate { Rate(heldPayouts, of: payouts) }
}
