/// How a player is paid.
enum PayoutMethod: Sendable {
  case paypal, venmo, giftCard

  var word: StaticString {
    switch self {
    case .paypal: "paypal"
    case .venmo: "venmo"
    case .giftCard: "gift_card"
    }
  }
}

/// What an account has earned and not yet been paid: the same for everybody who got into it.
private final class Purse {
  var coins = 0
}

/// One account with the platform.
struct Account {
  /// Behind the `u` of its id.
  let number: Int
  let id: String
  let createdAt: Int64
  /// Of the store account; index into `Country.all`.
  let country: Int
  var mailDomain: StaticString = "example.com"
  /// Who invited the player, on which phone.
  var referrer: (user: String, device: String)?

  var receiver: String
  var receiverChangedAt: Int64?
  /// Mistyped, or made up: the money will come back.
  var isReceiverWrong = false
  var method = PayoutMethod.paypal
  /// Coins that may be paid out, each a hundredth of the currency.
  var balance: Int {
    get { purse.coins }
    nonmutating set { purse.coins = newValue }
  }
  private let purse = Purse()
  /// The balance at which the player asks for it.
  var wish = 500
  var payouts = 0

  /// An account that is paid to a receiver of its own.
  init(number: Int, createdAt: Int64, country: Int) {
    self.number = number
    self.createdAt = createdAt / 1_000 * 1_000
    self.country = country
    id = "u\(number)"
    receiver = "r\(number)@example.com"
  }
}
