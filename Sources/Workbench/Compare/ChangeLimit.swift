/// How many decisions may change: so many, or such a share of those compared.
package enum ChangeLimit: Hashable, Sendable {
  case count(Int)
  /// In thousandths of a percent.
  case share(thousandths: Int)

  /// Reads `25` or `0.5%`; nil for anything else, and for more than 100 %.
  package init?(_ text: String) {
    guard text.hasSuffix("%") else {
      guard let count = Self.digits(text) else { return nil }
      self = .count(count)
      return
    }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = Self.digits(parts[0]), whole <= 100 else { return nil }
    var fraction = 0
    if parts.count == 2 {
      guard parts[1].count <= 3, let digits = Self.digits(parts[1]) else { return nil }
      fraction = digits * [1, 100, 10, 1][parts[1].count]
    }
    guard whole * 1_000 + fraction <= 100_000 else { return nil }
    self = .share(thousandths: whole * 1_000 + fraction)
  }

  private static func digits(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Whether `changed` of `compared` are more.
  package func isExceeded(changed: Int, of compared: Int) -> Bool {
    switch self {
    case .count(let most): changed > most
    case .share(let thousandths): Int128(changed) * 100_000 > Int128(thousandths) * Int128(compared)
    }
  }

  /// As it is written.
  package var text: String {
    switch self {
    case .count(let count): return String(count)
    case .share(let thousandths):
      let fraction = thousandths % 1_000
      guard fraction > 0 else { return "\(thousandths / 1_000)%" }
      var digits = String(1_000 + fraction).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      return "\(thousandths / 1_000).\(digits)%"
    }
  }
}
