/// Where spans go: a collector that takes OTLP over HTTP.
package struct TraceEndpoint: Sendable, Hashable {
  let host: String
  let port: Int
  let path: String

  /// Reads `http://HOST[:PORT][/PATH]`; without them it is port 4318 and `/v1/traces`, as OTLP has it.
  package init(url: String) throws(SidecarError) {
    let scheme = "http://"
    guard url.lowercased().hasPrefix(scheme) else {
      throw Self.error(url, "only `http://` is spoken: run a collector beside the sidecar that encrypts")
    }
    let rest = url.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    let path = rest.dropFirst(authority.count)
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !authority.contains(where: { "@?#".contains($0) })
    else { throw Self.error(url, Self.example) }
    var host = authority
    var port = 4_318
    if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
      guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number)
      else {
        throw Self.error(url, Self.example)
      }
      (host, port) = (authority[..<colon], number)
    }
    if host.hasPrefix("[") && host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Self.error(url, Self.example)
    }
    self.host = String(host)
    self.port = port
    self.path = path.isEmpty || path == "/" ? "/v1/traces" : String(path)
  }

  /// What the request names as its host.
  var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private static let example = "say it as in `http://127.0.0.1:4318/v1/traces`"

  private static func error(_ url: String, _ hint: String) -> SidecarError {
    SidecarError(message: "`\(url)` is no collector of traces", hint: hint)
  }
}
