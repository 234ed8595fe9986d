internal import CSockets
internal import NIOCore
internal import NIOPosix

/// Lets in whom the access list of the Unix sockets names, as long as there is room.
struct PeerGate: Sendable {
  let users: Set<UInt32>?
  /// On one event loop.
  let connectionsMax: Int

  /// Whether a connection may stay; `count` are there already. Called on the connection's loop.
  func admits(_ channel: any Channel, count: Int) -> Bool {
    if count >= connectionsMax { return false }
    guard let users else { return true }
    let pipeline = channel.pipeline.syncOperations
    let user = try? pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { descriptor in
      Self.user(atOtherEndOf: descriptor)
    }
    guard let user, let user else { return channel.localAddress?.protocol != .unix }
    return users.contains(user)
  }

  /// The user whose process is at the other end; nil where the kernel does not tell.
  private static func user(atOtherEndOf descriptor: CInt) -> UInt32? {
    var user: UInt32 = 0
    return unsafe assay_peer_user(descriptor, &user) == 0 ? user : nil
  }
}
