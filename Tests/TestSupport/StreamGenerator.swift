/// A rewards platform's events over some weeks: honest players and eight kinds of fraud, in order of arrival.
///
/// The same arguments give the same bytes on every machine. Ordinary life brings what rules must endure: time
/// zones, families that share a tablet and couples that share a wallet, a phone with an unlocked boot loader, a
/// carrier's address with many players behind it, a journey, retries under the same id, late and overtaken
/// deliveries, rewards that are taken back, payouts that are not claimed.
public struct RewardStream: Sendable {
  /// 2026-03-02T00:00:00Z, a Monday.
  public static let start: Int64 = 1_772_409_600_000
  /// The kinds of fraud as the labels name them.
  public static let frauds = [
    "callback-replay", "country-hopper", "device-farm", "emulator", "fast-cashout", "metronome",
    "referral-ring", "shared-receiver",
  ]

  /// Events as lines of JSON, in order of arrival.
  public let lines: [String]
  /// `{"event":…,"user":…,"fraud":…}` for each event that is part of a fraud, in the same order, each id once.
  public let labels: [String]

  /// `days` is 14 at least, the time that the frauds take.
  public init(seed: UInt64, players: Int, days: Int) {
    precondition(days >= 14, "the frauds take 14 days")
    var cast = StreamCast(seed: seed, start: Self.start)
    var events: [StreamEvent] = []
    var neighbour: StreamPlayer?
    for index in 0..<players {
      var player = cast.player(createdAt: Self.opening(index))
      if index % 10 == 9, let neighbour {
        // A family: the tablet and the address of the player before, and in every other one the wallet.
        player.phone = neighbour.phone
        player.home = neighbour.home
        if index % 20 == 9 { player.receiver = neighbour.receiver }
      }
      if index % 20 == 12 { player.phone = player.phone.withUnlockedBootLoader }
      neighbour = player
      var life = StreamLife(player, seed: seed, stream: 100 + UInt64(index), start: Self.start, days: days)
      let abroad = index % 13 == 5 ? cast.place("ES", kind: "wifi") : nil
      life.live(abroad: abroad, on: abroad == nil ? 0..<0 : 6..<10)
      events += life.recorder.events
    }
    var frauds = StreamFrauds(cast: cast, seed: seed, start: Self.start, days: days)
    frauds.commit()
    events += frauds.events

    let delivered = Self.deliver(events, seed: seed)
    lines = delivered.map(\.line)
    var seen: Set<String> = []
    labels = delivered.compactMap { seen.insert($0.id).inserted ? $0.label : nil }
  }

  /// Every seventh player opens the account during the stream, the others long before.
  private static func opening(_ index: Int) -> Int64? {
    index % 7 == 3 ? start + Int64(index % 5) * StreamTime.day + 15 * StreamTime.hour : nil
  }

  /// What the network does to events on their way: some come late, some twice, some overtake others.
  private static func deliver(_ events: [StreamEvent], seed: UInt64) -> [StreamEvent] {
    var dice = StreamDice(seed: seed, stream: 2)
    var delivered: [StreamEvent] = []
    for var event in events {
      if dice.chance(perMille: 15) { event.arrival += dice.between(5, 50) * StreamTime.minute }
      if dice.chance(perMille: 30) { event.arrival += dice.between(5, 90) * StreamTime.second }
      delivered.append(event)
      guard dice.chance(perMille: 20) else { continue }
      event.arrival += dice.between(1, 120) * StreamTime.second
      delivered.append(retry(of: event))
    }
    let ordered = delivered.enumerated().sorted { left, right in
      (left.element.arrival, left.offset) < (right.element.arrival, right.offset)
    }
    return ordered.map(\.element)
  }

  /// The same request again; only what is volatile differs.
  private static func retry(of event: StreamEvent) -> StreamEvent {
    var again = event
    for index in again.members.indices where again.members[index].path == "device.seen_at" {
      again.members[index].value = .text(rfc3339(event.arrival))
    }
    return again
  }
}
