/// The members `event` and `fraud` (or `label`) of an object in which everything is plain: texts without escapes, whole
/// numbers, true, false and null. Nil for anything else, be it JSON or not: the real parser then has the word.
///
/// Five million labels take a second or two this way, and half a minute with a value made of each.
struct PlainObject {
  private(set) var event: Range<Int>?
  private(set) var label: Range<Int>?
  private let line: [UInt8]
  private var position = 0

  init?(_ line: [UInt8]) {
    self.line = line
    guard take(UInt8(ascii: "{")) else { return nil }
    repeat {
      guard let key = text(), take(UInt8(ascii: ":")), let value = value() else { return nil }
      guard note(value, under: key) else { return nil }
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { return nil }
    skipBlanks()
    guard position == line.count else { return nil }
  }

  /// False for a key that stands there twice, and for values that those members do not have.
  private mutating func note(_ value: (range: Range<Int>, canBeID: Bool), under key: Range<Int>)
    -> Bool
  {
    let name = line[key]
    if name.elementsEqual("event".utf8) {
      guard event == nil, value.canBeID else { return false }
      event = value.range
    } else if name.elementsEqual("fraud".utf8) || name.elementsEqual("label".utf8) {
      guard label == nil else { return false }
      label = value.range
    }
    return true
  }

  private mutating func skipBlanks() {
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard position < line.count, line[position] == byte else { return false }
    position += 1
    return true
  }

  /// The content of a text without escapes.
  private mutating func text() -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while position < line.count {
      switch line[position] {
      case UInt8(ascii: "\""):
        position += 1
        return start..<position - 1
      case UInt8(ascii: "\\"), 0..<0x20: return nil
      default: position += 1
      }
    }
    return nil
  }

  private mutating func value() -> (range: Range<Int>, canBeID: Bool)? {
    skipBlanks()
    guard position < line.count else { return nil }
    if line[position] == UInt8(ascii: "\"") { return text().map { ($0, true) } }
    let start = position
    while position < line.count, Self.isOfWord(line[position]) { position += 1 }
    let word = line[start..<position]
    if word.elementsEqual("true".utf8) || word.elementsEqual("false".utf8) || word.elementsEqual("null".utf8)
    {
      return (start..<position, false)
    }
    guard (1...18).contains(word.count), word.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      word.count == 1 || word.first != UInt8(ascii: "0")
    else { return nil }
    return (start..<position, true)
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
