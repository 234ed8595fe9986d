/// The query within what somebody hands over: itself, or an address with it.
enum QueryText {
  /// What stands behind the first `?` of an address, up to a `#`; all of `line` where it is no address.
  static func query(of line: [UInt8]) -> [UInt8] {
    guard isAddress(line) else { return line }
    guard let mark = line.firstIndex(of: UInt8(ascii: "?")) else { return [] }
    return Array(line[(mark + 1)...].prefix { $0 != UInt8(ascii: "#") })
  }

  /// `https://host/path?query`, `/path?query` or `?query`: no parameter's name begins like these.
  private static func isAddress(_ line: [UInt8]) -> Bool {
    switch line.first {
    case UInt8(ascii: "/"), UInt8(ascii: "?"): return true
    default: return line.starts(with: "https://".utf8) || line.starts(with: "http://".utf8)
    }
  }
}
