package import RuleSets
internal import Assay
internal import Events
internal import Windows

/// The lines of some files in the order of their events' times: what a replay needs that was recorded in another order.
///
/// All lines are held in memory, up to a limit. Events of one time stay in the order of the files, and a line that is no
/// event stays behind the line before it.
package struct SortedEvents: Sendable {
  /// Bytes of all lines: 256 MiB.
  package static let bytesMax = 268_435_456
  private static let chunkBytes = 4_194_304

  private struct Entry {
    let time: Int64
    let chunk: Int
    let start: Int
    let length: Int
    let place: ReplaySummary.LinePlace
  }

  /// In chunks, because one array would be copied each time that it outgrows its room.
  private var chunks: [[UInt8]] = []
  private var byteCount = 0
  private var entries: [Entry] = []
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
    entries = entries.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  private mutating func read(_ path: String, _ engine: Engine<MemoryWindows>, _ bytesMax: Int) throws(TooMany)
  {
    do throws(InputError) {
      var reader = try LineReader(opening: path)
      while let found = try reader.next() {
        let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
        if case .tooLong(let bytes) = found {
          tooLong.append((place, bytes))
          continue
        }
        let time = (try? engine.decode(reader.line).time) ?? entries.last?.time ?? .min
        keep([UInt8](copying: reader.line), time, place)
        if byteCount > bytesMax { break }
      }
    } catch {
      inputErrors.append(error)
    }
    guard byteCount <= bytesMax else {
      throw TooMany(
        message: "the events have more than \(bytesMax >> 20) MiB, too many to sort in memory",
        hint: "sort the file by time first, or replay fewer events")
    }
  }

  private mutating func keep(_ line: [UInt8], _ time: Int64, _ place: ReplaySummary.LinePlace) {
    if chunks.last.map({ $0.count + line.count > Self.chunkBytes }) ?? true {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkBytes)
    }
    let chunk = chunks.count - 1
    entries.append(
      Entry(time: time, chunk: chunk, start: chunks[chunk].count, length: line.count, place: place))
    chunks[chunk] += line
    byteCount += line.count
  }

  /// How many lines there are.
  var count: Int { entries.count }

  /// The line at `index`, and where it was read.
  func line(_ index: Int) -> (line: [UInt8], place: ReplaySummary.LinePlace) {
    let entry = entries[index]
    return (Array(chunks[entry.chunk][entry.start..<entry.start + entry.length]), entry.place)
  }
}
