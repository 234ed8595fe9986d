/// How much a peer may send before it is taken for a hostile or broken one. All of it is checked before memory is
/// taken, and holds for the replies to one group of commands together.
package struct ReplyLimits: Sendable, Hashable {
  /// Strings, statuses and errors together.
  package var bytesMax: Int
  /// Elements of arrays together, nested ones included.
  package var elementsMax: Int
  /// One status, error or integer: a line that does not end is not waited for.
  package var lineBytesMax: Int

  /// The limits for replies of at most `bytesMax` bytes. 65,536 elements are the slot map of a cluster with thousands
  /// of slot ranges; the longest line of Redis is an error with the names that it complains about.
  package init(bytesMax: Int, elementsMax: Int = 65_536, lineBytesMax: Int = 65_536) {
    self.bytesMax = bytesMax
    self.elementsMax = elementsMax
    self.lineBytesMax = lineBytesMax
  }

  /// What a configuration comes to.
  static func bytesMax(_ configuration: RedisConfiguration) -> Int {
    min(max(configuration.replyBytesMax, 1_024), 1 << 29)
  }
}
