/// Writes the parts of commands into room that was made for them.
@safe
struct CommandWriter {
  /// More than the lengths, ends of lines and numbers of any command of ours take beside its words, keys and values.
  static let framingBytesMax = 256

  private let room: UnsafeMutableRawBufferPointer
  /// How many bytes are written.
  private(set) var end = 0

  /// A writer to the beginning of `room`, which stays where it is while the writer is used.
  @unsafe init(_ room: UnsafeMutableRawBufferPointer) { unsafe self.room = unsafe room }

  /// Begins a command of `count` arguments, its name included.
  mutating func begin(_ count: Int) {
    byte(UInt8(ascii: "*"))
    digits(count)
    endLine()
  }

  /// Appends what is laid out as the protocol wants it already.
  mutating func protocolText(_ text: StaticString) {
    unsafe copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a word of the protocol.
  mutating func argument(_ word: StaticString) {
    header(word.utf8CodeUnitCount)
    protocolText(word)
    endLine()
  }

  /// Appends a number in decimal digits.
  mutating func argument(_ number: Int) {
    header(Self.digitCount(number))
    digits(number)
    endLine()
  }

  /// Appends bytes as they are.
  mutating func argument(_ value: RawSpan) {
    header(value.byteCount)
    unsafe value.withUnsafeBytes { unsafe copy($0) }
    endLine()
  }

  /// Appends bytes in two parts as one argument.
  mutating func argument(_ first: RawSpan, _ second: RawSpan) {
    header(first.byteCount + second.byteCount)
    unsafe first.withUnsafeBytes { unsafe copy($0) }
    unsafe second.withUnsafeBytes { unsafe copy($0) }
    endLine()
  }

  private mutating func header(_ count: Int) {
    byte(UInt8(ascii: "$"))
    digits(count)
    endLine()
  }

  private mutating func endLine() {
    byte(UInt8(ascii: "\r"))
    byte(UInt8(ascii: "\n"))
  }

  private mutating func byte(_ value: UInt8) {
    precondition(unsafe end < room.count, "a command outgrew the room that was made for it")
    unsafe room[end] = value
    end += 1
  }

  private mutating func copy(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress, let target = unsafe room.baseAddress else { return }
    precondition(unsafe source.count <= room.count - end, "a command outgrew the room that was made for it")
    unsafe target.advanced(by: end).copyMemory(from: start, byteCount: source.count)
    end += source.count
  }

  private mutating func digits(_ number: Int) {
    let count = Self.digitCount(number)
    precondition(unsafe count <= room.count - end, "a command outgrew the room that was made for it")
    // Nearly all numbers are lengths of one or two digits.
    if 0 <= number && number < 100 {
      if number >= 10 {
        unsafe room[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        end += 1
      }
      unsafe room[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
      end += 1
      return
    }
    if number < 0 { unsafe room[end] = UInt8(ascii: "-") }
    var rest = number.magnitude
    var place = end + count
    end = place
    repeat {
      place -= 1
      unsafe room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
  }

  private static func digitCount(_ number: Int) -> Int {
    var count = number < 0 ? 2 : 1
    var rest = number.magnitude
    while rest >= 10 {
      count += 1
      rest /= 10
    }
    return count
  }
}
