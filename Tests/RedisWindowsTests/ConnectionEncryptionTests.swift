import RedisTestSupport
import RedisWindows
import Testing

/// Encrypted connections to real servers, with certificates made for each test.
@Suite(.serialized, .enabled(if: RedisServer.canMakeCertificates)) struct ConnectionEncryptionTests {
  private func failure(_ outcome: TransportHarness.Outcome) -> RedisFailure? {
    if case .failure(let failure) = outcome { failure } else { nil }
  }

  private func server(_ tls: RedisServer.Options.TLS) async throws -> (RedisServer, ServerCertificates, Int) {
    let server = try await RedisServer.start(
      RedisServer.Options {
        $0.tls = tls
        $0.tcp = true
        $0.directives = ["bind 127.0.0.1 127.0.0.2"]
      })
    return (server, try #require(server.certificates), try #require(server.tlsPort))
  }

  /// The outcome of one `PING`, as the transport has it.
  private func ping(
    _ host: String, _ port: Int, _ tls: RedisConfiguration.TLS?
  ) async throws -> TransportHarness.Outcome {
    let transport = try await TransportHarness(.host(host, port: port)) {
      $0.tls = tls
    }
    let outcome = await transport.send(["PING"])
    await transport.close()
    return outcome
  }

  @Test func aTrustedServerIsServed() async throws {
    let (server, certificates, port) = try await server(.anyone)
    var tls = RedisConfiguration.TLS()
    tls.authorityFile = certificates.authority
    #expect(try await ping("localhost", port, tls).get() == ["+PONG"])
    #expect(try await ping("127.0.0.1", port, tls).get() == ["+PONG"])
    tls.serverName = "localhost"
    #expect(try await ping("127.0.0.1", port, tls).get() == ["+PONG"])
    server.stop()
  }

  @Test func aCertificateForAnotherNameIsRefused() async throws {
    let (server, certificates, port) = try await server(.anyone)
    var tls = RedisConfiguration.TLS()
    tls.authorityFile = certificates.authority
    let misnamed = failure(try await ping("127.0.0.2", port, tls))
    #expect(misnamed?.code == .refused && misnamed?.hint?.contains("server_name") == true)
    #expect(misnamed?.message == "redis at `127.0.0.2:\(port)` has a certificate for another name")
    tls.serverName = "localhost"
    #expect(try await ping("127.0.0.2", port, tls).get() == ["+PONG"])
    server.stop()
  }

  @Test func aServerThatIsNotTrustedIsRefused() async throws {
    let (server, _, port) = try await server(.anyone)
    let refused = failure(try await ping("localhost", port, RedisConfiguration.TLS()))
    #expect(refused?.code == .refused && refused?.hint?.contains("ca_file") == true)
    #expect(refused?.message == "redis at `localhost:\(port)` has a certificate that is not trusted")
    server.stop()
  }

  @Test func aClientsCertificateIsShown() async throws {
    let (server, certificates, port) = try await server(.knownClients)
    var tls = RedisConfiguration.TLS()
    tls.authorityFile = certificates.authority
    #expect(failure(try await ping("localhost", port, tls)) != nil)
    tls.certificateFile = certificates.client
    tls.keyFile = certificates.clientKey
    #expect(try await ping("localhost", port, tls).get() == ["+PONG"])
    server.stop()
  }

  @Test func clearAndEncryptedPortsAreToldApart() async throws {
    let (server, certificates, port) = try await server(.anyone)
    var tls = RedisConfiguration.TLS()
    tls.authorityFile = certificates.authority
    let clear = try #require(server.port)
    let encryptedToClear = failure(try await ping("localhost", clear, tls))
    #expect(encryptedToClear?.hint?.contains("TLS") == true)
    let clearToEncrypted = failure(try await ping("localhost", port, nil))
    #expect(clearToEncrypted?.message == "redis at `localhost:\(port)` closed the connection")
    #expect(clearToEncrypted?.hint?.contains("rediss") == true)
    server.stop()
  }

  @Test func filesThatAreNoCertificatesAreNamed() throws {
    let certificates = try ServerCertificates.make()
    func error(_ change: (inout RedisConfiguration.TLS) -> Void) -> RedisConfigurationError? {
      var configuration = RedisConfiguration(namespace: "test")
      var tls = RedisConfiguration.TLS()
      change(&tls)
      configuration.tls = tls
      do {
        _ = try RedisConnector(configuration)
        return nil
      } catch { return error }
    }
    #expect(error { $0.authorityFile = "/no/ca" }?.cause == "no certificate could be read from `/no/ca`")
    #expect(error { $0.authorityFile = certificates.serverKey }?.place == "ca_file")
    #expect(error { $0.certificateFile = certificates.client }?.cause == "a client certificate has no key")
    #expect(error { $0.keyFile = certificates.clientKey }?.cause == "a key has no certificate")
    let wrongKey = error {
      $0.certificateFile = certificates.client
      $0.keyFile = certificates.serverKey
    }
    #expect(wrongKey?.cause == "the client's certificate and key cannot be used")
    let noKey = error {
      $0.certificateFile = certificates.client
      $0.keyFile = certificates.client
    }
    #expect(noKey?.cause == "no key could be read from `\(certificates.client)`")
  }
}
