import TestSupport

/// What may happen to what is sent, shared by all who talk to one simulated Redis.
package final class SimulatedNetwork {
  /// How likely each mishap is, in thousandths of the groups sent.
  package struct Weather {
    /// The connection is cut before some command of the group; the rest is never executed.
    package var cuts = 0
    /// The connection is cut after the group was executed, before its replies arrived.
    package var dropsReplies = 0
    /// The client gives the connection up while its commands are still on their way to being executed.
    package var lingers = 0
    /// The replies take longer than anybody waits.
    package var stalls = 0
    /// Other clients' commands come between the group's.
    package var splits = 0
    /// A group may take so long each way; nanoseconds.
    package var delayMax: Int64 = 300_000

    /// Nothing goes wrong.
    package init() {}
  }

  package var weather: Weather
  /// Nobody answers at the address.
  package var isDown = false
  /// Raised when the server is replaced: what was sent to the old one is not executed by the new one.
  package var generation = 0
  var random: SeededGenerator

  package init(weather: Weather = Weather(), seed: UInt64) {
    self.weather = weather
    random = SeededGenerator(seed: seed)
  }

  func happens(_ thousandths: Int) -> Bool {
    thousandths > 0 && Int.random(in: 0..<1_000, using: &random) < thousandths
  }

  /// Between two commands of a group when others' come between: these are as close, and a group is not late for it.
  func pause() -> Int64 {
    Int64.random(in: 1_000...max(min(weather.delayMax, Self.pauseMax), 1_001), using: &random)
  }

  private static let pauseMax: Int64 = 100_000

  func delay() -> Int64 { Int64.random(in: 1_000...max(weather.delayMax, 1_001), using: &random) }
}
