internal import Events
internal import Glibc

/// The lines of a file, plain or gzip, in constant memory and without an allocation per line.
///
/// A line ends with LF or CR LF, the last one also with the file. Empty lines are counted and skipped. A line above
/// the limit is told with its number and its length, and its bytes are dropped as they come.
package struct LineReader: ~Copyable {
  /// Bytes of a line, its end not counted, unless the reader is told otherwise: what an event may have.
  package static let lineBytesMax = EventLimits.bytesMax
  private static let chunkBytes = 65_536
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What was met in the file.
  package enum Found: Equatable, Sendable {
    /// A line; its bytes are `LineReader.line` until the next call.
    case line
    /// A line above the limit, of so many bytes; skipped.
    case tooLong(bytes: Int)
  }

  private let bytesMax: Int
  private var source: GzipReader
  private var buffer: [UInt8]
  /// The part of `buffer` that was read and not yet given out.
  private var unread: Range<Int> = 0..<0
  private var current: Range<Int> = 0..<0
  /// The number of the line that was found last, from 1; empty lines count.
  package private(set) var number = 0
  /// The file begins with a byte order mark, which JSON does not allow; it was skipped.
  package private(set) var hasByteOrderMark = false

  /// Opens `path`; `-` is standard input. Lines of more than `lineBytesMax` bytes are skipped.
  package init(opening path: String, lineBytesMax: Int = Self.lineBytesMax) throws(InputError) {
    bytesMax = lineBytesMax
    source = try GzipReader(opening: path)
    buffer = Array(repeating: 0, count: 2 * Self.chunkBytes)
  }

  /// How the file is called in messages.
  package var name: String { source.name }

  /// Bytes of the file, as it is stored, that were read, and how many it has where that is known.
  package var progress: (bytesRead: Int, bytes: Int?) { (source.offset, source.size) }

  /// Bytes that the reader holds, whatever the lines are.
  package var bufferBytes: Int { buffer.count }

  /// Whether bytes behind the current line were read already; without them the next call may wait for the writer.
  package var hasMore: Bool { !unread.isEmpty }

  /// The line that was found last.
  package var line: Span<UInt8> {
    @_lifetime(borrow self) get { buffer.span.extracting(current) }
  }

  /// Finds the next line that is not empty; nil at the end of the file.
  package mutating func next() throws(InputError) -> Found? {
    while true {
      guard let found = try nextLine() else { return nil }
      if found != .line || !current.isEmpty { return found }
    }
  }

  private mutating func nextLine() throws(InputError) -> Found? {
    var searched = unread.lowerBound
    while true {
      if let end = lineFeed(in: searched..<unread.upperBound) {
        return take(unread.lowerBound..<end, next: end + 1)
      }
      // A CR may stand behind the last byte that is allowed.
      if unread.count > bytesMax + 1 { return try skip() }
      searched = unread.upperBound
      let moved = makeRoom()
      searched -= moved
      let count = try source.read(into: &buffer, from: unread.upperBound)
      if count == 0 { return unread.isEmpty ? nil : take(unread, next: unread.upperBound) }
      unread = unread.lowerBound..<unread.upperBound + count
    }
  }

  /// Makes `range` the current line, without its CR and, at the start of the file, without a byte order mark.
  private mutating func take(_ range: Range<Int>, next: Int) -> Found {
    number += 1
    unread = next..<max(next, unread.upperBound)
    var (start, end) = (range.lowerBound, range.upperBound)
    if end > start, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    if number == 1, buffer[start..<end].starts(with: Self.byteOrderMark) {
      hasByteOrderMark = true
      start += Self.byteOrderMark.count
    }
    current = start..<end
    return current.count > bytesMax ? .tooLong(bytes: current.count) : .line
  }

  /// Drops the rest of a line that is too long.
  private mutating func skip() throws(InputError) -> Found {
    number += 1
    var dropped = unread.count
    while true {
      unread = 0..<(try source.read(into: &buffer, from: 0))
      if unread.isEmpty { return .tooLong(bytes: dropped) }
      if let end = lineFeed(in: unread) {
        unread = end + 1..<unread.upperBound
        return .tooLong(bytes: dropped + end)
      }
      dropped += unread.count
    }
  }

  /// Moves what is unread to the front or grows the buffer, up to the limit; returns by how much it moved.
  private mutating func makeRoom() -> Int {
    if unread.upperBound < buffer.count { return 0 }
    let moved = unread.lowerBound
    if moved > 0 {
      buffer.removeSubrange(..<moved)
      buffer.append(contentsOf: repeatElement(0, count: moved))
      unread = 0..<unread.count
    } else {
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    return moved
  }

  private func lineFeed(in range: Range<Int>) -> Int? {
    unsafe buffer.withUnsafeBytes { bytes in
      let part = unsafe bytes[range]
      guard let base = unsafe UnsafeRawBufferPointer(rebasing: part).baseAddress,
        let found = unsafe memchr(base, Int32(UInt8(ascii: "\n")), range.count)
      else { return nil }
      return unsafe range.lowerBound + (UnsafeRawPointer(found) - base)
    }
  }
}
