package import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What all connections of one configuration share, read from files once: who the client is, and how to encrypt.
package struct RedisConnector: Sendable {
  /// The configuration it was made of.
  package let configuration: RedisConfiguration
  let handshake: RedisHandshake
  let limits: ReplyLimits
  private let encryption: NIOSSLContext?

  /// Reads the certificates of `configuration`; blocks, so make it before events come.
  package init(_ configuration: RedisConfiguration) throws(RedisConfigurationError) {
    self.configuration = configuration
    handshake = RedisHandshake(
      login: configuration.login, database: configuration.database, clientName: configuration.clientName)
    limits = ReplyLimits(bytesMax: ReplyLimits.bytesMax(configuration))
    encryption = try configuration.tls.map { tls throws(RedisConfigurationError) in try tls.context() }
  }

  private init(sentinelsOf base: RedisConnector) {
    configuration = base.configuration
    handshake = RedisHandshake(
      login: configuration.sentinelLogin, database: 0, clientName: configuration.clientName,
      isForSentinel: true)
    limits = base.limits
    encryption = base.encryption
  }

  /// The same for sentinels, which have their own password and no databases.
  package var forSentinels: RedisConnector { RedisConnector(sentinelsOf: self) }

  /// How long one attempt to connect may take, name resolution and the handshake included; nanoseconds. Half a second
  /// leaves room for a server that returns during a hopeless attempt to be in service within a second. Whoever waits
  /// longer for replies waits as long for connections.
  var attemptLimit: Int64 {
    Int64(min(max(configuration.timeoutMilliseconds, 500), 60_000)) * 1_000_000
  }

  /// Connects and puts `connection` at the end of the channel's handlers; it hears of everything that follows.
  func connect(_ connection: RedisNodeConnection, on loop: any EventLoop) {
    let bootstrap = ClientBootstrap(group: loop).connectTimeout(.nanoseconds(attemptLimit))
    let future =
      switch connection.address {
      case .unixSocket(let path): bootstrap.connect(unixDomainSocketPath: path)
      case .host(let name, let port):
        bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(host: name, port: port)
      }
    // Handlers are added here and not in an initializer: trying several addresses of one name makes several channels.
    future.assumeIsolated().whenComplete { result in
      switch result {
      case .failure(let error): connection.fail(ConnectionErrors.failure(error, at: connection.address))
      case .success(let channel): add(connection, to: channel)
      }
    }
  }

  private func add(_ connection: RedisNodeConnection, to channel: any Channel) {
    guard connection.isOpen else { return channel.close(promise: nil) }
    do {
      let pipeline = channel.pipeline.syncOperations
      if let encryption {
        try pipeline.addHandler(
          NIOSSLClientHandler(context: encryption, serverHostname: name(connection.address)))
      }
      try pipeline.addHandler(connection)
    } catch {
      channel.close(promise: nil)
      connection.fail(ConnectionErrors.failure(error, at: connection.address))
    }
  }

  /// The name that the certificate must have; nil has it checked against the address itself.
  private func name(_ address: RedisAddress) -> String? {
    if let name = configuration.tls?.serverName { return name }
    guard case .host(let name, _) = address, (try? SocketAddress(ipAddress: name, port: 0)) == nil else {
      return nil
    }
    return name
  }
}

extension RedisConfiguration.TLS {
  fileprivate func context() throws(RedisConfigurationError) -> NIOSSLContext {
    var settings = TLSConfiguration.makeClientConfiguration()
    settings.minimumTLSVersion = .tlsv12
    // A hostile peer must not keep a connection that is being thrown away.
    settings.shutdownTimeout = .milliseconds(500)
    if let authorityFile {
      settings.trustRoots = .certificates(try Self.certificates(authorityFile, option: "ca_file"))
    }
    if let certificateFile {
      settings.certificateChain = try Self.certificates(certificateFile, option: "cert_file").map {
        .certificate($0)
      }
      guard let keyFile else {
        throw RedisConfigurationError(
          place: "cert_file", cause: "a client certificate has no key", hint: "name the key with `key_file`")
      }
      settings.privateKey = .privateKey(try Self.key(keyFile))
    } else if keyFile != nil {
      throw RedisConfigurationError(
        place: "key_file", cause: "a key has no certificate", hint: "name the certificate with `cert_file`")
    }
    do {
      return try NIOSSLContext(configuration: settings)
    } catch {
      throw RedisConfigurationError(
        place: "cert_file", cause: "the client's certificate and key cannot be used",
        hint: "the key must belong to the first certificate of the file")
    }
  }

  private static func certificates(
    _ path: String, option: String
  ) throws(RedisConfigurationError) -> [NIOSSLCertificate] {
    if let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty { return found }
    throw RedisConfigurationError(
      place: option, cause: "no certificate could be read from `\(path)`",
      hint: "it must be a file in PEM form")
  }

  private static func key(_ path: String) throws(RedisConfigurationError) -> NIOSSLPrivateKey {
    if let key = try? NIOSSLPrivateKey(file: path, format: .pem) { return key }
    throw RedisConfigurationError(
      place: "key_file", cause: "no key could be read from `\(path)`",
      hint: "it must be a file in PEM form, without a passphrase")
  }
}

extension RedisConnector {
  /// The transport that the configuration's topology asks for; made on `loop`.
  package func makeTransport(on loop: any EventLoop) throws(RedisConfigurationError) -> any RedisTransport {
    guard let address = configuration.addresses.first else {
      throw RedisConfigurationError(
        place: "addresses", cause: "there is no address", hint: "name at least one server")
    }
    switch configuration.topology {
    case .single: return RedisNodeTransport(address: address, connector: self, loop: loop)
    case .cluster: return ClusterTransport(connector: self, loop: loop)
    case .sentinel(let name): return SentinelTransport(name: name, connector: self, loop: loop)
    }
  }
}
