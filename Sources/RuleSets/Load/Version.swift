internal import Crypto
internal import Foundation

/// The name of a rule set's content.
enum Version {
  /// `sha256:` and the hash over paths, lengths and bytes of `files`, in the order of the paths.
  static func of(_ files: [RuleSetFile]) -> String {
    var hash = SHA256()
    for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      hash.update(data: length(Array(file.path.utf8)))
      hash.update(data: Array(file.path.utf8))
      hash.update(data: length(file.bytes))
      hash.update(data: file.bytes)
    }
    let digits = Array("0123456789abcdef")
    return "sha256:" + hash.finalize().map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
  }

  private static func length(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt64(bytes.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }
}
