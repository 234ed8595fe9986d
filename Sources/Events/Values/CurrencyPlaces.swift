/// How many decimal places the unit has that people count in (ISO 4217).
package enum CurrencyPlaces {
  /// Those of currencies whose minor units are not hundredths.
  private static let others: [String: Int] = {
    let none = [
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
      "XOF", "XPF",
    ]
    let three = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
    var places: [String: Int] = ["CLF": 4, "UYW": 4]
    for name in none { places[name] = 0 }
    for name in three { places[name] = 3 }
    return places
  }()

  /// Two for most; nil for what is no currency by its form, three capital letters.
  package static func of(_ currency: String) -> Int? {
    let isCurrency =
      currency.utf8.count == 3 && currency.utf8.allSatisfy { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    return isCurrency ? others[currency] ?? 2 : nil
  }
}
