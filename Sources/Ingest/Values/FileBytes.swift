internal import Foundation

/// Small files: keys, secrets, configurations.
enum FileBytes {
  struct Failure: Error, Hashable {
    let message: String
  }

  /// All bytes of the file at `path`, at most `max`.
  static func read(_ path: String, max: Int) throws(Failure) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Failure(
        message: FileManager.default.fileExists(atPath: path) ? "may not be read" : "is not there")
    }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    do {
      while bytes.count <= max, let more = try file.read(upToCount: max + 1 - bytes.count), !more.isEmpty {
        bytes += more
      }
    } catch {
      throw Failure(message: "is no file that can be read")
    }
    guard bytes.count <= max else { throw Failure(message: "has more than \(max) bytes") }
    return bytes
  }
}
