/// A country's clocks, money, carriers and ads.
struct Country: Sendable {
  let code: String
  /// Hours from UTC of its zones, by where people live. Daylight saving is left out: it would change no rule.
  let zones: [Int64]
  /// What payouts are made in: euro and pound where PayPal pays them, dollars elsewhere.
  let currency: String
  /// What an ad earns here, 1 the most: why players would rather be elsewhere.
  let tier: Int
  /// Of so many players in all that live here.
  let weight: Int
  /// How often AdMob, MAX and LevelPlay win the auction. Where one wins nearly all, honest players have one network.
  let supply: [Int]
  /// The part of ad requests that is filled.
  let fill: Double

  /// Public addresses of its mobile carrier: few, with all its players behind them.
  static let carrierAddresses = 6
  /// Exits of VPN providers in a country, shared by honest and other users.
  static let exitAddresses = 12
  /// Exits of relays and companies' proxies in a country: four of each, in data centres.
  static let relayAddresses = 4

  static let all = [
    Country(
      code: "US", zones: [-8, -6, -6, -5, -5], currency: "USD", tier: 1, weight: 24, supply: [45, 35, 20],
      fill: 0.94
    ),
    Country(code: "DE", zones: [1], currency: "EUR", tier: 1, weight: 9, supply: [50, 30, 20], fill: 0.92),
    Country(code: "GB", zones: [0], currency: "GBP", tier: 1, weight: 8, supply: [45, 30, 25], fill: 0.92),
    Country(code: "FR", zones: [1], currency: "EUR", tier: 1, weight: 6, supply: [50, 25, 25], fill: 0.9),
    Country(code: "ES", zones: [1], currency: "EUR", tier: 2, weight: 5, supply: [45, 30, 25], fill: 0.88),
    Country(code: "PL", zones: [1], currency: "USD", tier: 2, weight: 5, supply: [55, 20, 25], fill: 0.86),
    Country(
      code: "CA", zones: [-8, -5, -5], currency: "USD", tier: 1, weight: 4, supply: [45, 35, 20], fill: 0.92),
    Country(
      code: "AU", zones: [10, 8], currency: "USD", tier: 1, weight: 3, supply: [45, 35, 20], fill: 0.9),
    Country(code: "BR", zones: [-3], currency: "USD", tier: 2, weight: 10, supply: [60, 25, 15], fill: 0.82),
    Country(code: "MX", zones: [-6], currency: "USD", tier: 2, weight: 6, supply: [55, 25, 20], fill: 0.8),
    Country(code: "TR", zones: [3], currency: "USD", tier: 3, weight: 4, supply: [40, 20, 40], fill: 0.75),
    Country(code: "IN", zones: [5], currency: "USD", tier: 3, weight: 8, supply: [70, 10, 20], fill: 0.7),
    Country(code: "ID", zones: [7], currency: "USD", tier: 3, weight: 4, supply: [65, 15, 20], fill: 0.68),
    Country(code: "PH", zones: [8], currency: "USD", tier: 3, weight: 3, supply: [2, 97, 1], fill: 0.65),
    Country(code: "NO", zones: [1], currency: "USD", tier: 1, weight: 1, supply: [50, 30, 20], fill: 0.9),
  ]

  /// Where a player lives, as an index into `all`.
  static func home(_ dice: inout Dice) -> Int { dice.index(byWeight: weights) }

  /// Any country but one.
  static func other(than home: Int, _ dice: inout Dice) -> Int {
    let choice = dice.below(all.count - 1)
    return choice >= home ? choice + 1 : choice
  }

  private static let weights = all.map(\.weight)
  /// Countries whose ads pay the most.
  static let rich = all.indices.filter { all[$0].tier == 1 }
}
