internal import Assay

/// Amounts as people read them.
enum MoneyText {
  /// Minor units of one unit of the currency where they are not a hundred (ISO 4217), as decimal places.
  private static let places: [String: Int] = {
    var places: [String: Int] = [:]
    for name in [
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
    ] {
      places[name] = 0
    }
    for name in ["XAF", "XOF", "XPF"] { places[name] = 0 }
    for name in ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"] { places[name] = 3 }
    for name in ["CLF", "UYW"] { places[name] = 4 }
    return places
  }()

  /// `12.50 EUR`; what is no currency by its form (three capital letters) keeps its minor units: `1250 coins`.
  static func text(_ minor: Int128, _ currency: String) -> String {
    let name = VisibleLine.of(currency)
    guard isCurrency(currency), let number = decimal(minor, places: places[currency] ?? 2) else {
      return name.isEmpty ? String(minor) : "\(minor) \(name)"
    }
    return "\(number) \(name)"
  }

  /// Decimal places of the unit that people count in; none for what is no currency by its form.
  static func decimalPlaces(of currency: String) -> Int { isCurrency(currency) ? places[currency] ?? 2 : 0 }

  private static func isCurrency(_ name: String) -> Bool {
    name.utf8.count == 3 && name.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
  }

  private static func decimal(_ minor: Int128, places: Int) -> String? {
    if places == 0 { return String(minor) }
    let digits = String(minor.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (minor < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
  }
}
