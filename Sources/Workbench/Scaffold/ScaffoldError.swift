/// Why nothing was made.
package struct ScaffoldError: Error, Hashable, Sendable {
  /// Lower case, no final period.
  package let message: String
  /// What to do about it.
  package let hint: String
}

/// Names of rules and rule sets.
enum ScaffoldName {
  private static let bytesMax = 64

  /// Fails where the loader would refuse the name.
  static func check(_ name: String, of what: String, such example: String) throws(ScaffoldError) {
    func isFine(_ byte: UInt8) -> Bool {
      byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
        || byte >= UInt8(ascii: "0")
          && byte <= UInt8(ascii: "9")
        || byte == UInt8(ascii: "-")
    }
    // Digits alone would be read as a number.
    let hasLetter = name.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    guard name.utf8.allSatisfy(isFine), hasLetter, name.utf8.first != UInt8(ascii: "-") else {
      throw ScaffoldError(
        message: "`\(name)` cannot be the name of \(what)",
        hint: "use lower-case letters, digits and `-`, such as `\(example)`")
    }
    guard name.utf8.count <= bytesMax else {
      throw ScaffoldError(
        message: "the name of \(what) has \(name.utf8.count) bytes, at most \(bytesMax) are allowed",
        hint: "choose a shorter one, such as `\(example)`")
    }
  }
}
