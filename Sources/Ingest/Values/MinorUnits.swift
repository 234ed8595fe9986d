internal import Events

/// Amounts as vendors write them, `9.87` or `1000.0`, in whole minor units, exactly.
enum MinorUnits {
  /// Nil where the text is no decimal, is negative, has other places than noughts beyond `places`, or is beyond 64 bits.
  static func read(_ text: String, places: Int) -> Int64? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, isDigits(whole), whole.first != "0" || whole.utf8.count == 1 else {
      return nil
    }
    let fraction = parts.count > 1 ? parts[1] : ""
    guard parts.count < 2 || isDigits(fraction), fraction.utf8.count <= 18 else { return nil }
    let (kept, rest) = (fraction.prefix(places), fraction.dropFirst(places))
    guard rest.allSatisfy({ $0 == "0" }) else { return nil }
    return Int64(whole + kept + String(repeating: "0", count: places - kept.count))
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 18
      && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }
}

extension EventObject {
  /// Says an amount as `payout.amount_minor` and `payout.currency`; `money` has it under these two names.
  mutating func setAmount(
    _ money: JSONMessage?, value: String, currency: String
  ) throws(IngestRefusal) {
    guard let money else { return }
    guard let code = try money.text(currency) else { throw money.missing(currency) }
    guard let places = CurrencyPlaces.of(code) else {
      throw money.wrong(currency, "a currency of three capital letters")
    }
    guard let digits = try money.digits(value) else { throw money.missing(value) }
    guard let minor = MinorUnits.read(digits, places: places) else {
      throw .badValue(
        money.name(value), "a decimal that is not negative, with no more places than the currency has")
    }
    set("payout.amount_minor", minor)
    set("payout.currency", code)
  }
}
