/// When and how long an honest player plays.
struct Habits: Sendable {
  /// On a day like any other.
  var sessionsADay = 1.5
  /// Ads in a session, the least and the most.
  var ads = 1...5
  /// Hours by which the player lives behind the others: an owl, a shift worker.
  var shift = 0
  /// Between an ad and the next, milliseconds: the shortest, and the longest that is not a break.
  var pause: ClosedRange<Int64> = 9_000...240_000
  /// How many more sessions on a Saturday or Sunday.
  var weekend = 1.3
  /// The part of the daytime's sessions that is played over the carrier's network.
  var onTheMove = 0.35

  /// Mostly people who play now and then, some every day, few without end.
  static func any(_ dice: inout Dice) -> Habits {
    var habits = Habits()
    habits.shift = dice.index(byWeight: [10, 25, 30, 20, 9, 4, 2]) - 2
    habits.weekend = dice.between(0.8, 1.8)
    habits.onTheMove = dice.between(0.05, 0.6)
    switch dice.index(byWeight: [56, 33, 10, 1]) {
    case 0:
      habits.sessionsADay = dice.between(0.2, 1.1)
      habits.ads = 1...5
    case 1:
      habits.sessionsADay = dice.between(1.1, 2.6)
      habits.ads = 2...7
    case 2:
      habits.sessionsADay = dice.between(2.5, 5)
      habits.ads = 3...12
      habits.pause = 5_000...120_000
    default:
      // The keen: one ad after the other, far into the night.
      habits.sessionsADay = dice.between(4, 7.5)
      habits.ads = 4...13
      habits.pause = 2_500...30_000
      habits.shift += dice.between(0, 3)
    }
    return habits
  }

  /// Hours of the day by how many sessions begin in them.
  private static let weekday = [
    2, 1, 0, 0, 0, 1, 4, 7, 6, 4, 4, 5, 8, 6, 4, 5, 6, 8, 9, 10, 11, 11, 8, 4,
  ]
  private static let saturday = [
    5, 3, 1, 0, 0, 0, 1, 3, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 10, 11, 10, 7,
  ]

  /// The beginnings of a local day's sessions, the last first, as milliseconds from midnight.
  func sessions(weekday: Int, _ dice: inout Dice) -> [Int64] {
    let isWeekend = weekday >= 5
    let mean = sessionsADay * (isWeekend ? weekend : 1) * dice.between(0.3, 1.7)
    let count = min(dice.count(mean), 40)
    guard count > 0 else { return [] }
    let weights = isWeekend ? Self.saturday : Self.weekday
    var begins: [Int64] = []
    for _ in 0..<count {
      let hour = (dice.index(byWeight: weights) + shift + 24) % 24
      begins.append(Int64(hour) * Time.hour + dice.between(0, Time.hour - 1))
    }
    return begins.sorted(by: >)
  }
}
