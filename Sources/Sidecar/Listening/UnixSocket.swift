internal import Glibc

/// Why a sidecar cannot listen or start.
package struct SidecarError: Error, Sendable, CustomStringConvertible {
  /// Lower case, no final period.
  package let message: String
  /// The way out.
  package let hint: String

  /// The message.
  package var description: String { message }
}

extension SidecarError {
  /// Windows that others share, and a key that nobody else has.
  static var noHashingKey: SidecarError {
    SidecarError(
      message: "the rule set has sensitive fields, and windows in Redis need the same hashing key everywhere",
      hint: "name a file with at least 32 random bytes: `--hashing-key-file`")
  }
}

/// A Unix socket that is bound for the eyes of its user only, until its mode is set.
struct UnixSocket {
  let path: String
  let descriptor: CInt
  private let device: UInt64
  private let number: UInt64

  /// Bytes of a path that the kernel takes, the ending zero not counted.
  static let pathBytesMax = 107

  /// Binds a new socket at `path`. A file that another process left there and nobody listens on is removed.
  init(binding path: String, access: SidecarConfiguration.Access) throws(SidecarError) {
    guard path.utf8.count <= Self.pathBytesMax, !path.isEmpty, !path.utf8.contains(0) else {
      throw SidecarError(
        message: "the socket's path has \(path.utf8.count) bytes, at most \(Self.pathBytesMax) are possible",
        hint: "choose a shorter one, such as `/run/assay.sock`")
    }
    try Self.removeStale(path)
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .failed("a socket", errno) }
    do throws(SidecarError) {
      try Self.bind(descriptor, path)
      try Self.open(path, to: access)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    var status = stat()
    unsafe stat(path, &status)
    self.path = path
    self.descriptor = descriptor
    (device, number) = (UInt64(status.st_dev), UInt64(status.st_ino))
  }

  /// Removes the socket's file, unless another process has put its own there.
  func unlink() {
    var status = stat()
    guard unsafe stat(path, &status) == 0, UInt64(status.st_dev) == device, UInt64(status.st_ino) == number
    else {
      return
    }
    unsafe Glibc.unlink(path)
  }

  /// Whether somebody has connected who was not let in yet.
  var hasWaiting: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) > 0
  }

  private static func removeStale(_ path: String) throws(SidecarError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw SidecarError(
        message: "`\(path)` is there and is no socket", hint: "name another path, or move the file away")
    }
    let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw .failed("a socket", errno) }
    defer { Glibc.close(probe) }
    let failure = unsafe withAddress(path) { address, length in
      unsafe connect(probe, address, length) == 0 ? 0 : errno
    }
    switch failure {
    case 0:
      throw SidecarError(
        message: "another process listens at `\(path)`", hint: "stop it, or name another path")
    case ECONNREFUSED: if unsafe Glibc.unlink(path) != 0 { throw .failed("removing `\(path)`", errno) }
    case ENOENT: break
    default: throw .failed("`\(path)`", failure)
    }
  }

  private static func bind(_ descriptor: CInt, _ path: String) throws(SidecarError) {
    let before = umask(0o177)
    let failure = unsafe withAddress(path) { address, length in
      unsafe Glibc.bind(descriptor, address, length) == 0 ? 0 : errno
    }
    umask(before)
    if failure != 0 { throw .failed("listening at `\(path)`", failure) }
  }

  private static func open(_ path: String, to access: SidecarConfiguration.Access) throws(SidecarError) {
    if let group = access.group {
      guard let number = UInt32(group) ?? Self.number(ofGroup: group) else {
        throw SidecarError(
          message: "there is no group `\(group)`", hint: "name one that `getent group` shows")
      }
      if unsafe chown(path, uid_t.max, number) != 0 {
        throw .failed("giving `\(path)` to the group `\(group)`", errno)
      }
    }
    if unsafe chmod(path, access.mode) != 0 { throw .failed("setting the mode of `\(path)`", errno) }
  }

  private static func number(ofGroup name: String) -> UInt32? {
    guard let group = unsafe getgrnam(name) else { return nil }
    return unsafe group.pointee.gr_gid
  }

  /// Calls `body` with `path` as an address of the kernel's; what is beyond `pathBytesMax` is cut off.
  static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
  ) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
      unsafe target.copyBytes(from: Array(path.utf8).prefix(pathBytesMax))
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}

extension SidecarError {
  /// A call of the system failed.
  static func failed(_ what: String, _ number: CInt) -> SidecarError {
    SidecarError(
      message: "\(what): \(unsafe String(cString: strerror(number)))",
      hint: number == EACCES || number == EPERM
        ? "see who may write there" : "see that the folder is there and nothing else listens")
  }
}
