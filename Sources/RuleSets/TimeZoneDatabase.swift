package import CEL
internal import Foundation

/// Named time zones from the system's database, as Foundation reads it.
package struct TimeZoneDatabase: TimeZones {
  package init() {}

  package func offsetSeconds(of name: String, at timestamp: Timestamp) -> Int? {
    guard let zone = TimeZone(identifier: name) else { return nil }
    return zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(timestamp.seconds)))
  }
}
