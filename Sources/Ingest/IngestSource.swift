internal import CEL

/// Where a message comes from, and with that in which form it is.
public enum IngestSource: String, Sendable, Hashable, CaseIterable {
  /// AdMob's server-side verification of a rewarded ad: a query with an ECDSA signature.
  case adMob = "admob-ssv"
  /// AppLovin MAX's callback for a rewarded ad: a query with tokens, under names that the publisher chose.
  case appLovin = "applovin-max"
  /// LevelPlay's (ironSource's) callback for a reward: a query, signed where the publisher has set a private key.
  case levelPlay = "levelplay"
  /// A webhook of PayPal's about a payout.
  case payPalWebhook = "paypal-webhook"
  /// PayPal's answer about a batch of payouts, or about one of them.
  case payPalBatch = "paypal-batch"
  /// A request to Amazon Incentives and its answer.
  case giftCard = "agcod"
  /// Google's verdict about a device and an app, as it decodes it.
  case playIntegrity = "play-integrity"
  /// Apple's answer about the two bits of a device.
  case deviceCheck = "device-check"

  /// Its messages are fields of an event that somebody else has, and no events by themselves.
  public var isEvidence: Bool { self == .playIntegrity || self == .deviceCheck }

  /// The beginning of the ids of its events, in front of a colon.
  var namespace: String {
    switch self {
    case .adMob: "admob"
    case .appLovin: "applovin"
    case .levelPlay: "levelplay"
    case .payPalWebhook, .payPalBatch: "paypal"
    case .giftCard: "amazon"
    case .playIntegrity, .deviceCheck: ""
    }
  }

  /// The sources that somebody who wrote `name` may mean: vendors' names, beginnings and slight misspellings.
  static func near(to name: String) -> [IngestSource] {
    let name = name.lowercased()
    func sources(_ isMeant: (String) -> Bool) -> [IngestSource] {
      allCases.filter { $0.words.contains(where: isMeant) }
    }
    let called = sources { $0 == name }
    if !called.isEmpty { return called }
    let begun = name.isEmpty ? [] : sources { $0.hasPrefix(name) }
    if !begun.isEmpty { return begun }
    if let word = DidYouMean.nearest(to: name, among: allCases.flatMap(\.words)) {
      return sources { $0 == word }
    }
    return name.utf8.count < 2 ? [] : sources { $0.hasPrefix(name.prefix(2)) }
  }

  /// What to write instead of `name`, which is none of a source.
  package static func hint(for name: String) -> String {
    func quoted(_ sources: [IngestSource]) -> [String] { sources.map { "`\($0.rawValue)`" } }
    let near = quoted(near(to: name))
    if !near.isEmpty { return "did you mean \(near.joined(separator: " or "))?" }
    return "the sources are \(quoted(allCases).joined(separator: ", "))"
  }

  /// Its name, and what else it is called.
  private var words: [String] {
    switch self {
    case .adMob: [rawValue, "admob", "google"]
    case .appLovin: [rawValue, "applovin", "max"]
    case .levelPlay: [rawValue, "ironsource", "unity"]
    case .payPalWebhook, .payPalBatch: [rawValue, "paypal", "payouts"]
    case .giftCard: [rawValue, "amazon", "gift-card"]
    case .playIntegrity: [rawValue, "integrity"]
    case .deviceCheck: [rawValue, "apple"]
    }
  }
}
