/// How common the odd things are that honest people do. Guesses on the generous side, where nothing is published: rules that
/// are only right for people without oddities are not right.
enum Customs {
  // Of households.
  /// A tablet with two to five players, and how often with so many.
  static let familyTablet = 0.03
  static let familySizes = [50, 30, 15, 5]
  /// Two players and one wallet.
  static let sharedWallet = 0.015
  /// Two or three players with phones of their own.
  static let severalPlayers = 0.1
  /// A student home: eight to twenty players behind one address.
  static let studentHome = 0.004
  /// A class at school, of which one has invited the others.
  static let schoolClass = 0.003

  // Of players.
  /// Accounts opened during two months.
  static let newcomers = 0.22
  /// Of newcomers: invited by a friend.
  static let invited = 0.2
  /// Of newcomers: plays through the first day.
  static let binges = 0.15
  /// Of newcomers: asks for the first money as soon as there is any.
  static let curious = 0.06
  static let disposableMail = 0.006
  static let workNetwork = 0.3
  static let secondDevice = 0.08
  /// A VPN that is on always or often, mostly with an exit at home.
  static let vpn = 0.05
  static let vpnAbroad = 0.35
  /// A relay for the sake of privacy, or a security app, whose traffic comes out in a data centre.
  static let relay = 0.015
  /// Works behind a proxy of the company's in a data centre, if the work has a network.
  static let companyProxy = 0.04
  static let borderTown = 0.004
  /// Lives elsewhere than the store account says.
  static let expatriate = 0.012
  /// Always on the way.
  static let flightCrew = 0.0015
  static let outdatedGame = 0.003
  static let reportsAds = 0.3
  /// Asks for several gift cards at once, for presents.
  static let splitsPayouts = 0.012

  // Of phones with Google's system.
  static let unlockedBootLoader = 0.008
  static let uncertified = 0.003
  /// No phone or tablet but something else: Chromebooks, Google Play Games on a computer, boxes and phones without a name,
  /// emulators; each so often.
  static let noPhone = 0.018
  static let instead = [8, 3, 5, 3]
  static let playProtectOff = 0.015
  static let playProtectNoData = 0.03
  static let sideLoaded = 0.004
  /// Tools for people who cannot see or use a screen, unknown to the store.
  static let unknownAid = 0.003
  static let screenRecorder = 0.015
  static let knownApps = 0.25
  /// Bought from somebody who had been closed out.
  static let secondHand = 0.0025
  // Of Apple's.
  static let withoutAppAttest = 0.015

  // In two months.
  static let newPhone = 0.05
  static let reinstall = 0.05
  static let journey = 0.09
  static let newReceiver = 0.03
  static let longSilence = 0.06
  static let mistypedReceiver = 0.012
}
