internal import Glibc

/// Sockets that a service manager opened for this process (`sd_listen_fds(3)`).
package enum InheritedSockets {
  private static let first: CInt = 3
  private static let countMax: CInt = 64

  /// Whether there are none.
  package static var isEmpty: Bool { descriptors.isEmpty }

  /// The descriptors that were given to this process; none where they were given to another.
  package static var descriptors: [CInt] {
    guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"), (1...countMax).contains(count)
    else { return [] }
    return (first..<first + count).map { descriptor in
      // What this process starts is not to have them.
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      return descriptor
    }
  }

  private static func number(_ name: String) -> CInt? {
    unsafe getenv(name).flatMap { unsafe CInt(String(cString: $0)) }
  }
}
