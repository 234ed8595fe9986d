/// Writes the parts of commands into room that was made for them.
///
/// All of it is inlined where a command is written: its words and their lengths are known there.
@safe
struct CommandWriter {
  /// More than the lengths, ends of lines and numbers of any command of ours take beside its words, keys and values.
  static let framingBytesMax = 256

  private let room: UnsafeMutableRawBufferPointer
  /// Up to where it is written.
  private(set) var end: Int

  /// A writer to `room` from `start` on, which stays where it is while the writer is used.
  @unsafe @inline(__always) init(_ room: UnsafeMutableRawBufferPointer, from start: Int) {
    unsafe self.room = unsafe room
    end = start
  }

  /// Begins a command of `count` arguments, its name included.
  @inline(__always) mutating func begin(_ count: Int) { line(UInt8(ascii: "*"), count) }

  /// Appends what is laid out as the protocol wants it already.
  @inline(__always) mutating func protocolText(_ text: StaticString) {
    unsafe copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a word of the protocol.
  mutating func argument(_ word: StaticString) {
    header(word.utf8CodeUnitCount)
    protocolText(word)
    endLine()
  }

  /// Appends a number in decimal digits.
  @inline(__always) mutating func argument(_ number: Int) {
    guard number < 0 || number >= 100_000_000 else {
      let digits = Self.eightDigits(UInt64(number))
      let zeros = min(digits.trailingZeroBitCount / 8, 7)
      store(UInt64(UInt8(ascii: "$")) | UInt64(0x30 + 8 - zeros) << 8 | 0x0A0D_0000)
      end += 4
      // What is too much is overwritten by what follows.
      store((digits | 0x3030_3030_3030_3030) >> (zeros * 8))
      end += 8 - zeros
      return endLine()
    }
    let count = Self.digitCount(number)
    header(count)
    digits(number, count)
    endLine()
  }

  /// Appends bytes as they are.
  @inline(__always) mutating func argument(_ value: RawSpan) {
    header(value.byteCount)
    bytes(value)
    endLine()
  }

  /// Appends bytes in two parts as one argument.
  @inline(__always) mutating func argument(_ first: RawSpan, _ second: RawSpan) {
    header(first.byteCount + second.byteCount)
    bytes(first)
    bytes(second)
    endLine()
  }

  /// Begins an argument of `count` bytes; exactly as many must follow, and an `endLine`.
  @inline(__always) mutating func header(_ count: Int) { line(UInt8(ascii: "$"), count) }

  /// Appends bytes of an argument.
  @inline(__always) mutating func bytes(_ value: RawSpan) { unsafe value.withUnsafeBytes { unsafe copy($0) } }

  /// Appends a number's bytes, the least first, as a part of an argument.
  @inline(__always) mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) {
    store(value)
    end += MemoryLayout<Number>.size
  }

  /// Ends an argument.
  @inline(__always) mutating func endLine() { number(0x0A0D as UInt16) }

  /// A sign, a length, the end of the line.
  @inline(__always) private mutating func line(_ sign: UInt8, _ length: Int) {
    if 0 <= length && length < 100 {
      // Nearly all are. Written as eight bytes at once; what is too much is overwritten by what follows.
      let (tens, ones) = (UInt64(length / 10), UInt64(length % 10))
      if tens == 0 {
        store(UInt64(sign) | (0x30 + ones) << 8 | 0x0A0D_0000)
        end += 4
      } else {
        store(UInt64(sign) | (0x30 + tens) << 8 | (0x30 + ones) << 16 | 0x0A_0D00_0000)
        end += 5
      }
      return
    }
    number(sign)
    digits(length, Self.digitCount(length))
    endLine()
  }

  @inline(__always) private mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number)
  {
    require(MemoryLayout<Number>.size)
    unsafe room.storeBytes(of: value.littleEndian, toByteOffset: end, as: Number.self)
  }

  @inline(__always) private mutating func copy(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress, let target = unsafe room.baseAddress else { return }
    require(source.count)
    unsafe target.advanced(by: end).copyMemory(from: start, byteCount: source.count)
    end += source.count
  }

  @inline(__always) private func require(_ count: Int) {
    precondition(unsafe count <= room.count - end, "a command outgrew the room that was made for it")
  }

  @inline(__always) private mutating func digits(_ number: Int, _ count: Int) {
    require(count)
    var rest = number.magnitude
    var place = end + count
    if number < 0 { unsafe room[end] = UInt8(ascii: "-") }
    end = place
    repeat {
      place -= 1
      unsafe room.storeBytes(
        of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: place, as: UInt8.self)
      rest /= 10
    } while rest > 0
  }

  /// The eight decimal digits of a number, one to a byte, the first in the least: two halves, four quarters and eight
  /// digits at once, each division a multiplication that is exact for what can stand there.
  @inline(__always) private static func eightDigits(_ number: UInt64) -> UInt64 {
    let halves = number / 10_000 | (number % 10_000) << 32
    let hundreds = ((halves &* 10_486) >> 20) & 0x7F_0000_007F
    let quarters = hundreds | (halves &- hundreds &* 100) << 16
    let tens = ((quarters &* 103) >> 10) & 0xF_000F_000F_000F
    return tens | (quarters &- tens &* 10) << 8
  }

  @inline(__always) private static func digitCount(_ number: Int) -> Int {
    var count = number < 0 ? 2 : 1
    var rest = number.magnitude
    while rest >= 1_000 {
      count += 3
      rest /= 1_000
    }
    return count + (rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
  }
}
