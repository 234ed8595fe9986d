internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What goes wrong below the protocol, as failures with a way out.
enum ConnectionErrors {
  /// What `error` of the network means for commands to `address`. Which commands may have run is for the caller.
  static func failure(_ error: any Error, at address: RedisAddress) -> RedisFailure {
    switch error {
    case let error as NIOConnectionError: return connecting(error, address)
    case let error as IOError: return system(error.errnoCode, address)
    case is ChannelError, is SocketAddressError: return unreachable("cannot be reached", address, nil)
    case let error as NIOSSLError: return encryption(error, address)
    case is NIOSSLExtraError:
      return refused(
        "has a certificate for another name", address, "give the certificate's name with `server_name`")
    case is BoringSSLError: return unreachable("broke off the encrypted connection", address, nil)
    default: return unreachable("cannot be reached", address, nil)
    }
  }

  private static func connecting(_ error: NIOConnectionError, _ address: RedisAddress) -> RedisFailure {
    if let first = error.connectionErrors.first { return failure(first.error, at: address) }
    return unreachable("has a name that cannot be resolved", address, "is the host's name right?")
  }

  private static func system(_ number: Int32, _ address: RedisAddress) -> RedisFailure {
    switch number {
    case ECONNREFUSED:
      unreachable("refuses connections", address, "is the server running, and listening there?")
    case ENOENT: unreachable("has no such socket", address, "see `unixsocket` of the server")
    case ENOTDIR:
      unreachable(
        "has a path that leads through a file", address,
        "the number of a database stands behind a socket's path as in `?db=3`")
    case EACCES: unreachable("may not be opened by this user", address, "see `unixsocketperm` of the server")
    case ECONNRESET, EPIPE: closed(address)
    default: unreachable("cannot be reached (error \(number) of the system)", address, nil)
    }
  }

  private static func encryption(_ error: NIOSSLError, _ address: RedisAddress) -> RedisFailure {
    switch error {
    case .unableToValidateCertificate, .noCertificateToValidate:
      return untrusted(address)
    case .handshakeFailed(let reason):
      if "\(reason)".contains("CERTIFICATE_VERIFY_FAILED") { return untrusted(address) }
      return refused(
        "made no encrypted connection", address,
        "does it speak TLS on this port, and does it ask for a client's certificate?")
    default: return closed(address)
    }
  }

  private static func untrusted(_ address: RedisAddress) -> RedisFailure {
    refused(
      "has a certificate that is not trusted", address, "name the authority's certificate with `ca_file`")
  }

  /// The server closed the connection.
  static func closed(_ address: RedisAddress) -> RedisFailure {
    unreachable("closed the connection", address, nil)
  }

  private static func unreachable(_ what: String, _ address: RedisAddress, _ hint: String?) -> RedisFailure {
    RedisFailure(
      code: .unavailable, message: "redis at `\(address)` \(what)", mayHaveRun: false, hint: hint)
  }

  private static func refused(_ what: String, _ address: RedisAddress, _ hint: String?) -> RedisFailure {
    RedisFailure(code: .refused, message: "redis at `\(address)` \(what)", mayHaveRun: false, hint: hint)
  }
}
