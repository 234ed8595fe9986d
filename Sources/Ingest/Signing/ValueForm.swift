/// What a value can look like that a signature covers: enough to tell where it begins and where it ends in a text of
/// several values without anything between them.
package struct ValueForm: Sendable, Hashable {
  /// The bytes that it is made of.
  package enum Characters: String, Sendable, CaseIterable {
    case any, digits, hexadecimal, letters, alphanumeric
    /// Digits without noughts in front, and perhaps a minus.
    case integer

    func contains(_ byte: UInt8) -> Bool {
      let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      switch self {
      case .any: return true
      case .digits, .integer: return isDigit
      case .hexadecimal: return Hexadecimal.digit(byte) != nil
      case .letters: return isLetter
      case .alphanumeric: return isDigit || isLetter
      }
    }
  }

  package var characters = Characters.any
  /// How many bytes it has where it is not empty.
  package var lengths = 1...Int.max
  package var mayBeEmpty = false
  /// All that it can be; then nothing else is looked at.
  package var values: Set<[UInt8]>?

  /// Any text that is not empty, where nothing else is said.
  package init(
    characters: Characters = .any, lengths: ClosedRange<Int> = 1...Int.max, mayBeEmpty: Bool = false,
    values: Set<[UInt8]>? = nil
  ) {
    (self.characters, self.lengths, self.mayBeEmpty, self.values) = (characters, lengths, mayBeEmpty, values)
  }

  static func exactly(_ value: [UInt8]) -> ValueForm { ValueForm(values: [value]) }

  /// Whether `value` can be one of these.
  package func matches(_ value: [UInt8]) -> Bool {
    if let values { return values.contains(value) }
    if value.isEmpty { return mayBeEmpty }
    guard lengths.contains(value.count) else { return false }
    guard characters == .integer else { return value.allSatisfy(characters.contains) }
    let digits = value.first == UInt8(ascii: "-") ? value.dropFirst() : value[...]
    return digits.allSatisfy(characters.contains) && !digits.isEmpty
      && (digits.first != UInt8(ascii: "0") || value.count == 1)
  }

  /// What a form is called in a message.
  var noun: String {
    if let values {
      return values.count == 1 ? "the one value that it can have" : "one of its \(values.count) values"
    }
    let length =
      lengths.upperBound == Int.max
      ? ""
      : lengths.count == 1
        ? " of \(lengths.lowerBound) bytes" : " of \(lengths.lowerBound) to \(lengths.upperBound) bytes"
    return (characters == .any ? "text" : characters.rawValue) + length
  }
}
