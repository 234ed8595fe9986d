internal import Assay
internal import Events

/// Amounts as people read them.
enum MoneyText {
  /// `1,234.50 EUR`; what is no currency by its form (three capital letters) keeps its minor units: `1,250 coins`.
  static func text(_ minor: Int128, _ currency: String) -> String {
    let name = VisibleLine.of(currency)
    let number = decimal(minor, places: decimalPlaces(of: currency))
    return name.isEmpty ? number : "\(number) \(name)"
  }

  /// Decimal places of the unit that people count in; none for what is no currency by its form.
  static func decimalPlaces(of currency: String) -> Int { CurrencyPlaces.of(currency) ?? 0 }

  /// `1,234.50` of 123450 with two places.
  static func decimal(_ minor: Int128, places: Int) -> String {
    guard places > 0 else { return grouped(minor) }
    let digits = String(minor.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (minor < 0 ? "-" : "") + grouped(digits: padded.dropLast(places)) + "." + padded.suffix(places)
  }
}
