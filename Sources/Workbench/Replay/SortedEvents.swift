package import RuleSets
internal import Assay
internal import Events
internal import Windows

/// The lines of some files in the order of their events' times: what a replay needs that was recorded in another order.
///
/// All lines are held in memory, up to a limit that counts what is kept beside each line too. Events of one time stay in
/// the order of the files, and a line that is no event stays behind the line before it.
package struct SortedEvents: Sendable {
  /// Bytes that the lines and what is kept beside them may take: 256 MiB.
  package static let bytesMax = 268_435_456
  private static let chunkBytes = 4_194_304
  /// An entry in an array that has just outgrown its room: once in the old array, twice in the new one. Sorting takes
  /// less, half of the entries once more.
  private static let entryBytes = 3 * MemoryLayout<Entry>.stride

  private struct Entry {
    let time: Int64
    let number: Int
    let chunk: Int32
    let start: Int32
    let length: Int32
    let file: Int32
  }

  /// In chunks, because one array would be copied each time that it outgrows its room.
  private var chunks: [[UInt8]] = []
  private var byteCount = 0
  private var entries: [Entry] = []
  private var files: [String] = []
  /// Lines above the limit of one line, which are refused.
  private(set) var tooLong: [(place: ReplaySummary.LinePlace, bytes: Int)] = []
  /// What ended the reading of a file before its end.
  private(set) var inputErrors: [InputError] = []

  /// There are too many of them.
  package struct TooMany: Error, Hashable, Sendable {
    package let message: String
    package let hint: String
  }

  /// Reads files, `-` is standard input.
  package init(_ paths: [String], rules: RuleSet, bytesMax: Int = SortedEvents.bytesMax) throws(TooMany) {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    for path in paths { try read(path, engine, bytesMax) }
    // Lines were kept one behind the other: their places in memory are the order of the files.
    entries.sort { ($0.time, $0.chunk, $0.start) < ($1.time, $1.chunk, $1.start) }
  }

  private mutating func read(_ path: String, _ engine: Engine<MemoryWindows>, _ bytesMax: Int) throws(TooMany)
  {
    do throws(InputError) {
      var reader = try LineReader(opening: path)
      files.append(reader.name)
      while let found = try reader.next() {
        if case .tooLong(let bytes) = found {
          tooLong.append((ReplaySummary.LinePlace(file: reader.name, number: reader.number), bytes))
          continue
        }
        let time = (try? engine.decode(reader.line).time) ?? entries.last?.time ?? .min
        keep([UInt8](copying: reader.line), time, reader.number)
        if byteCount > bytesMax { break }
      }
    } catch {
      inputErrors.append(error)
    }
    guard byteCount <= bytesMax else {
      throw TooMany(
        message: "to sort the events takes more than \(bytesMax >> 20) MiB of memory",
        hint: "sort the file by time first, or replay fewer events")
    }
  }

  private mutating func keep(_ line: [UInt8], _ time: Int64, _ number: Int) {
    if chunks.last.map({ $0.count + line.count > Self.chunkBytes }) ?? true {
      // What is left of the chunk before stays empty.
      byteCount += chunks.last.map { max(0, Self.chunkBytes - $0.count) } ?? 0
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkBytes)
    }
    let chunk = chunks.count - 1
    // Below 2 GiB, as the limits of a line, of a chunk and of all are.
    entries.append(
      Entry(
        time: time, number: number, chunk: Int32(clamping: chunk),
        start: Int32(clamping: chunks[chunk].count),
        length: Int32(clamping: line.count), file: Int32(clamping: files.count - 1)))
    chunks[chunk] += line
    byteCount += line.count + Self.entryBytes
  }

  /// How many lines there are.
  var count: Int { entries.count }

  /// The line at `index`, and where it was read.
  func line(_ index: Int) -> (line: [UInt8], place: ReplaySummary.LinePlace) {
    let entry = entries[index]
    let start = Int(entry.start)
    return (
      Array(chunks[Int(entry.chunk)][start..<start + Int(entry.length)]),
      ReplaySummary.LinePlace(file: files[Int(entry.file)], number: entry.number)
    )
  }
}
