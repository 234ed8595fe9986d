import Sidecar

/// `HOST:PORT` as `--listen` takes it.
enum ListenAddress {
  /// The address, if it is one that may be listened at.
  static func parse(_ text: String, isPublic: Bool) throws(Stop) -> SidecarConfiguration.Address {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else {
      throw Stop(
        .input, "`--listen`: `\(text)` is no address with a port",
        hint: "say it as in 127.0.0.1:8080 or [::1]:8080")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("[") && host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty else {
      throw Stop(.input, "`--listen`: `\(text)` names no host", hint: "say it as in 127.0.0.1:8080")
    }
    guard isPublic || isLoopback(host) else {
      throw Stop(
        .input, "`--listen`: other machines may reach `\(host)`, and there is no encryption and no log-in",
        hint: "listen at 127.0.0.1 or a Unix socket; say `--public` where the network is closed")
    }
    return .host(host, port: port)
  }

  private static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1"
      || host.hasPrefix("127.") && host.split(separator: ".").count == 4
        && host.split(separator: ".").allSatisfy { UInt8($0) != nil }
  }
}
