/// What happens in an honest player's life besides playing.
struct Story {
  /// A journey: where, and how the player is connected there.
  struct Trip {
    let days: Range<Int64>
    let country: Int
    let hotel: Home
    /// Roaming through the carrier at home, as most do, or with a card bought there.
    let hasLocalCard: Bool
  }

  var trips: [Trip] = []
  /// Days without the game.
  var silence: Range<Int64>?
  /// When the old phone makes way for another.
  var newPhoneAt: Int64?
  var reinstallAt: Int64?
  /// When the player has the money sent to another address.
  var newReceiverAt: Int64?
  /// A VPN that is on in this part of the sessions, and where its exits are.
  var vpn: (share: Double, countries: [Int])?
  /// A relay or a security app that is on in this part of the sessions and comes out in a data centre at home.
  var relay: (share: Double, isListed: Bool)?
  /// The company's traffic leaves through a proxy in a data centre.
  var isBehindProxy = false
  /// Lives at a border: phones change the network from one side to the other.
  var neighbour: Int?
  /// An old version of the game that shows another reward than is granted.
  var misreports = false
  /// Splits a payout into several gift cards of one day.
  var splits = 1
  /// Asks for money as soon as there is any, to see whether it comes.
  var isCurious = false
  /// Plays through the first day.
  var binges = false

  func trip(on day: Int64) -> Trip? { trips.first { $0.days.contains(day) } }
}
