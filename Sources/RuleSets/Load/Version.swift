internal import Crypto
internal import Foundation

/// The name of a rule set's content.
enum Version {
  /// `sha256:` and the hash over paths, lengths and bytes of `files`, in the order of the paths; without the lines of
  /// the tests that stand in rules, by file.
  static func of(_ files: [RuleSetFile], without tests: [String: [Range<Int>]] = [:]) -> String {
    var hash = SHA256()
    for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      let bytes = deciding(file.bytes, without: tests[file.path] ?? [])
      hash.update(data: length(Array(file.path.utf8)))
      hash.update(data: Array(file.path.utf8))
      hash.update(data: length(bytes))
      hash.update(data: bytes)
    }
    let digits = Array("0123456789abcdef")
    return "sha256:" + hash.finalize().map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
  }

  /// The bytes without some spans; a span that has its lines for itself goes with them, so that tests may come and go.
  private static func deciding(_ bytes: [UInt8], without spans: [Range<Int>]) -> [UInt8] {
    var kept: [UInt8] = []
    var position = 0
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      var (start, end) = (span.lowerBound, span.upperBound)
      while start > 0, bytes[start - 1] == UInt8(ascii: " ") { start -= 1 }
      let hasLine = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
      while end < bytes.count, bytes[end] == UInt8(ascii: " ") { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: "\n") { end += 1 }
      let cut = hasLine ? start..<end : span
      guard cut.lowerBound >= position, cut.upperBound <= bytes.count else { continue }
      kept += bytes[position..<cut.lowerBound]
      position = cut.upperBound
    }
    return kept + bytes[position...]
  }

  private static func length(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt64(bytes.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  }
}
