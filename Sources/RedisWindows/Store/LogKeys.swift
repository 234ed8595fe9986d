internal import CEL
internal import Events
internal import Windows

/// The names of keys in Redis, all of one namespace and one version of the layout:
///
///     NAMESPACE:1:{ENTITY}   the log of an entity; its name is the hash tag
///     NAMESPACE:1:#ID        what is known of an event's id
struct LogKeys {
  /// Raised when what is stored under the keys changes its form; older keys expire untouched.
  static let version = 1

  private let logPrefix: [UInt8]
  /// What the keys of ids begin with.
  let identityPrefix: [UInt8]

  init(namespace: String) {
    logPrefix = Array("\(namespace):\(Self.version):{".utf8)
    identityPrefix = Array("\(namespace):\(Self.version):#".utf8)
  }

  /// The key of an entity's log.
  func log(_ entity: RawSpan) -> [UInt8] {
    var key = logPrefix
    key.reserveCapacity(logPrefix.count + entity.byteCount + 1)
    unsafe entity.withUnsafeBytes { unsafe key.append(contentsOf: $0) }
    key.append(UInt8(ascii: "}"))
    return key
  }

  /// Whether `key`, which is that of some log, is the one of an entity's.
  @inline(__always) func isLog(_ key: [UInt8], of entity: RawSpan) -> Bool {
    key.rawBytes.equal(logPrefix.count..<key.count - 1, entity)
  }

  /// The key of an event's id.
  func identity(_ id: RawSpan) -> [UInt8] {
    var key = identityPrefix
    key.reserveCapacity(identityPrefix.count + id.byteCount)
    unsafe id.withUnsafeBytes { unsafe key.append(contentsOf: $0) }
    return key
  }
}
