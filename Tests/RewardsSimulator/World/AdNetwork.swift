/// Who shows the ads, and what comes back from it.
enum AdNetwork: Int, CaseIterable, Sendable {
  case admob, applovin, levelplay

  var word: StaticString {
    switch self {
    case .admob: "admob"
    case .applovin: "applovin"
    case .levelplay: "levelplay"
    }
  }

  /// How an event's id begins.
  var prefix: StaticString {
    switch self {
    case .admob: "admob:"
    case .applovin: "applovin:"
    case .levelplay: "levelplay:"
    }
  }

  /// Seconds an ad takes, each as often as it stands here.
  private static let lengths = [[15, 30, 30, 30, 60], [15, 30, 30, 45, 60], [20, 30, 30, 30, 45]]

  func length(_ dice: inout Dice) -> Int64 { Int64(dice.pick(Self.lengths[rawValue])) * Time.second }

  /// The network's own number for a shown ad.
  func transaction(_ dice: inout Dice) -> String {
    switch self {
    case .admob: dice.hex(32)
    case .applovin: dice.hex(40)
    case .levelplay: String(8_000_000_000_000 + dice.below(999_999_999_999))
    }
  }

  /// Whose ad won the auction.
  func source(_ dice: inout Dice) -> StaticString {
    switch self {
    case .admob: dice.pick(["5450213213286189855", "5450213213286189855", "1953547073528090325"])
    case .applovin: dice.pick(["APPLOVIN_BIDDING", "APPLOVIN_BIDDING", "UNITY_BIDDING", "VUNGLE_BIDDING"])
    case .levelplay: dice.pick(["ironSource", "ironSource", "Meta", "UnityAds"])
    }
  }

  var unit: StaticString {
    switch self {
    case .admob: "1234567890"
    case .applovin: "9ad0816ac071552a"
    case .levelplay: "DefaultRewardedVideo"
    }
  }

  /// The time as the network writes it: LevelPlay knows minutes only.
  func stamp(_ time: Int64) -> Int64 { self == .levelplay ? time / Time.minute * Time.minute : time }
}

/// When a network cannot deliver its callbacks and sends them all afterwards.
struct Outages: Sendable {
  private let spans: [[Range<Int64>]]

  init(seed: UInt64, start: Int64, days: Int) {
    var dice = Dice(seed: seed, stream: 3)
    spans = AdNetwork.allCases.map { _ in
      var spans: [Range<Int64>] = []
      var day = dice.between(1, 20)
      while day < days {
        let begin = start + Int64(day) * Time.day + dice.between(0, Time.day)
        spans.append(begin..<begin + dice.between(10 * Time.minute, 100 * Time.minute))
        day += dice.between(10, 35)
      }
      return spans
    }
  }

  /// When a callback of `time` can be sent.
  func release(_ network: AdNetwork, at time: Int64) -> Int64 {
    for span in spans[network.rawValue] where span.contains(time) { return span.upperBound }
    return time
  }
}
