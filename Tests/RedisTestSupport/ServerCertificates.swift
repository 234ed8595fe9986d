/// A certificate authority of a test's own, with one certificate for a server on the loopback and one for its clients.
package struct ServerCertificates: Sendable {
  private let folder: ServerFolder

  /// PEM file of the authority.
  package var authority: String { "\(folder.path)/ca.crt" }
  /// PEM file of the server's certificate: `localhost`, 127.0.0.1.
  package var server: String { "\(folder.path)/server.crt" }
  /// PEM file of the server's key.
  package var serverKey: String { "\(folder.path)/server.key" }
  /// PEM file of a client's certificate.
  package var client: String { "\(folder.path)/client.crt" }
  /// PEM file of the client's key.
  package var clientKey: String { "\(folder.path)/client.key" }

  /// What `redis-cli` is told of them.
  var options: [String] { ["--tls", "--cacert", authority, "--cert", client, "--key", clientKey] }
  /// The options of a URL that says the same.
  package var query: String { "ca_file=\(authority)&cert_file=\(client)&key_file=\(clientKey)" }

  /// Makes all of them with `openssl`, valid for two days.
  package static func make() throws -> ServerCertificates {
    let folder = try ServerFolder()
    let fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    func request(_ name: String, _ subject: String, _ more: [String]) throws {
      let files = ["-keyout", "\(name).key", "-out", "\(name).crt", "-subj", "/CN=\(subject)"]
      let made = try ChildProcess.output(
        of: ["openssl", "req", "-x509"] + fresh + files + more, folder: folder.path)
      guard made.status == 0 else { throw ServerError("openssl: \(made.text)") }
    }
    try request("ca", "Assay test authority", [])
    let signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"]
    let names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    try request("server", "localhost", signed + names)
    try request("client", "assay", signed)
    return ServerCertificates(folder: folder)
  }
}
