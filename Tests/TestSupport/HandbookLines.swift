package import Foundation
import Workbench

/// Events as lines in memory, so that reading the file is not part of what is timed.
package enum HandbookLines {
  /// The handbook's 200,000 transactions, or nil without the shared data.
  package static func load() throws -> [[UInt8]]? {
    try SharedData.url("data/handbook/transactions.ndjson.gz").map { try load(gzip: $0) }
  }

  /// The lines of a file, plain or gzip.
  package static func load(gzip file: URL) throws -> [[UInt8]] {
    var reader = try LineReader(opening: file.path)
    var lines: [[UInt8]] = []
    while try reader.next() == .line { lines.append(reader.line.withUnsafeBufferPointer { Array($0) }) }
    return lines
  }
}
