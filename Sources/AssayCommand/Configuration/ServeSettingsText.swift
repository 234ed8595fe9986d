import Configuration

extension ServeSettings {
  /// All settings, one a line: key, value, and where it comes from. Passwords are masked.
  var text: String {
    let rows = entries.map { entry in
      (entry.setting.key, Self.masked(entry.content.map(Self.shown) ?? "-", entry.setting), entry.source)
    }
    let widths = (
      rows.map(\.0.count).max() ?? 0, min(rows.map(\.1.count).max() ?? 0, 60)
    )
    return rows.map { key, value, source in
      Self.padded(key, widths.0) + "  " + Self.padded(value, widths.1) + "  " + source + "\n"
    }.joined()
  }

  private static func shown(_ content: ConfigContent) -> String {
    switch content {
    case .string(let text): text
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .bool(let bool): "\(bool)"
    case .intArray(let numbers): numbers.map { "\($0)" }.joined(separator: ",")
    default: "-"
    }
  }

  /// A URL without its passwords.
  private static func masked(_ text: String, _ setting: ServeSetting) -> String {
    guard setting.key == "redis" else { return text }
    var text = text
    if let scheme = text.firstRange(of: "://"), let at = text[scheme.upperBound...].lastIndex(of: "@"),
      let colon = text[scheme.upperBound..<at].firstIndex(of: ":")
    {
      text.replaceSubrange(text.index(after: colon)..<at, with: "***")
    }
    return text.replacing(/([?&]password=)[^&]*/) { "\($0.1)***" }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
