/// Whole numbers as vendors write them: digits, and a minus where the caller allows one.
enum WholeNumber {
  /// Neither `+1` nor ` 1`, `01` or `1e3`; nil for those and for what 64 bits do not hold.
  static func read(_ text: String) -> Int64? {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      first != UInt8(ascii: "0") || text.utf8.count == 1
    else { return nil }
    return Int64(text)
  }

  /// As `read`, and with a fraction of noughts: networks write `10.0` for ten.
  static func readAmount(_ text: String) -> Int64? {
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return read(text) }
    let fraction = text.utf8[text.utf8.index(after: point)...]
    guard !fraction.isEmpty, fraction.count < 10, fraction.allSatisfy({ $0 == UInt8(ascii: "0") }) else {
      return nil
    }
    return read(String(text[..<point]))
  }
}

/// Ids that vendors give to transactions.
enum TransactionID {
  /// Checks that an id can stand in an event's id and in a log.
  static func check(_ text: String, _ parameter: String) throws(IngestRefusal) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= IngestLimits.transactionBytesMax else {
      throw .badValue(
        parameter, "letters, digits, `-`, `_` and `.`, at most \(IngestLimits.transactionBytesMax)")
    }
    return text
  }
}
