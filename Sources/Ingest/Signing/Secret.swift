/// Bytes that nothing shows.
struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  var description: String { "***" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
