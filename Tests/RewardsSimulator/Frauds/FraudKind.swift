/// The frauds that are committed, by their names in the labels.
///
/// Each says what its strength and its camouflage change. Every operation's own figures lie up to 0.15 about the plan's.
package enum FraudKind: String, CaseIterable, Sendable {
  /// Assertions of App Attest that were caught once and are sent again, the counter standing still. Strength: accounts.
  /// Camouflage: some payouts come with an assertion of their own.
  case attestCounter = "attest-counter"
  /// One App Attest key serves many accounts. Strength: accounts. Camouflage: several keys.
  case attestKey = "attest-key"
  /// Callbacks made up by the player, without a signature. Strength: the part of the rewards. Camouflage: a smaller part,
  /// at an honest pace.
  case callbackForgery = "callback-forgery"
  /// Callbacks that came once are sent again under new event ids. Strength: how many, how often. Camouflage: days between.
  case callbackReplay = "callback-replay"
  /// Ads watched through VPN exits of the countries that pay best. Strength: exits a day. Camouflage: fewer countries, and
  /// proxies that look like homes.
  case countryHopper = "country-hopper"
  /// Many accounts on one phone. Strength: accounts. Camouflage: several phones, opened over days, receivers of their own.
  case deviceFarm = "device-farm"
  /// Emulators in data centres. Strength: how many. Camouflage: spoofed models and processors, verdicts kept back,
  /// residential proxies.
  case emulator
  /// Opened, milked and cashed out at once. Strength: accounts, rewards an hour. Camouflage: a day or two of patience.
  case fastCashout = "fast-cashout"
  /// A player's savings turned into gift cards by somebody who got into the account. Strength: cards. Camouflage: hours
  /// between them, the player's own phone cloned.
  case giftCardDrain = "gift-card-drain"
  /// The game says more than the ad network, or claims rewards for ads that were not shown. Strength: the part of the
  /// rewards and the factor. Camouflage: a small factor.
  case inflatedGrant = "inflated-grant"
  /// A bot that watches ads at a beat. Strength: rewards a day. Camouflage: jitter, hours of sleep.
  case metronome
  /// Traffic made up within one ad network. Strength: rewards a day. Camouflage: some ads of other networks.
  case networkConcentration = "network-concentration"
  /// One account played round the clock by several people or a patient bot. Strength: rewards a day. Camouflage: sleep.
  case noSleep = "no-sleep"
  /// Small payouts to made-up receivers until some arrive. Strength: payouts a day. Camouflage: some receivers are real.
  case payoutProbing = "payout-probing"
  /// A room with many phones, an account on each. Strength: phones. Camouflage: several addresses, honest hours.
  case phoneFarm = "phone-farm"
  /// Somebody who invites himself. Strength: accounts. Camouflage: other phones, other addresses, weeks between.
  case referralRing = "referral-ring"
  /// Phones whose screens are operated from afar. Strength: how many, hours a day. Camouflage: tools that hide.
  case remoteControl = "remote-control"
  /// Rewards that are taken back after they were paid out. Strength: the part of the rewards. Camouflage: days between.
  case reversalAbuse = "reversal-abuse"
  /// Many accounts, far apart, paid to few receivers. Strength: accounts. Camouflage: more receivers, days between.
  case sharedReceiver = "shared-receiver"
  /// Accounts opened long ago and bought for their age. Strength: rewards a day, payouts. Camouflage: the receiver is
  /// changed days ahead, a warm-up.
  case sleeper
  /// Verdicts of Play Integrity that were asked for another time or another request. Strength: accounts. Camouflage: some
  /// verdicts are kept back instead.
  case staleAttestation = "stale-attestation"
  /// A patched app that skips the ads. Strength: accounts, speed. Camouflage: verdicts kept back.
  case tamperedApp = "tampered-app"
}

extension FraudKind {
  /// A name that no kind has.
  package struct Unknown: Error, CustomStringConvertible {
    package let name: String
    package var description: String {
      "there is no fraud `\(name)`, but "
        + FraudKind.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }
  }

  /// Names with commas between; `all`, or `none`.
  package static func kinds(_ names: String) throws(Unknown) -> [FraudKind] {
    if names == "all" { return allCases }
    if names == "none" { return [] }
    var kinds: [FraudKind] = []
    for name in names.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = FraudKind(rawValue: String(name)) else { throw Unknown(name: String(name)) }
      kinds.append(kind)
    }
    return kinds
  }
}
