/// What AppLovin MAX can put into a callback's address.
enum AppLovinMacro: String, Sendable, CaseIterable {
  case adUnitID = "AD_UNIT_ID"
  case adUnitName = "AD_UNIT_NAME"
  case amount = "AMOUNT"
  case country = "CC"
  case currency = "CURRENCY"
  case customData = "CUSTOM_DATA"
  case eventID = "EVENT_ID"
  case eventToken = "EVENT_TOKEN"
  case eventTokenAll = "EVENT_TOKEN_ALL"
  case idfa = "IDFA"
  case idfv = "IDFV"
  case ip = "IP"
  case networkName = "NETWORK_NAME"
  case packageName = "PACKAGE_NAME"
  case placement = "PLACEMENT"
  case platform = "PLATFORM"
  case time = "TS"
  case userID = "USER_ID"

  /// Those whose values `EVENT_TOKEN_ALL` covers, in the order in which it does.
  static let covered = allCases.filter { $0 != .eventToken && $0 != .eventTokenAll }
    .sorted { $0.rawValue.utf8.lexicographicallyPrecedes($1.rawValue.utf8) }

  /// What its values look like where the configuration does not say.
  func form(_ unit: VendorTime.Unit) -> ValueForm {
    switch self {
    case .adUnitID: ValueForm(characters: .hexadecimal, lengths: 16...16, mayBeEmpty: true)
    case .amount: ValueForm(characters: .integer)
    case .country: ValueForm(characters: .letters, lengths: 2...2, mayBeEmpty: true)
    case .eventID: ValueForm(characters: .hexadecimal, lengths: 40...40)
    case .idfa, .idfv: ValueForm(lengths: 36...36, mayBeEmpty: true)
    case .time:
      ValueForm(characters: .digits, lengths: unit == .seconds ? 10...10 : 13...13)
    case .userID: ValueForm()
    default: ValueForm(mayBeEmpty: true)
    }
  }
}
