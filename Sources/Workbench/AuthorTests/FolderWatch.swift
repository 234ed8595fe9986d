internal import Foundation
internal import Glibc

/// What the files of a folder looked like, so that a change of any of them is seen.
///
/// Looked at again and again rather than told by the kernel: it is the same on every file system, network ones too, and
/// editors that replace a file instead of writing it make no difference.
package struct FolderWatch {
  private let path: String
  private var known: [String: Mark]

  private struct Mark: Equatable {
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// How often the folder is looked at.
  private static let interval = Duration.milliseconds(200)
  /// More files than a rule set may have are not looked at.
  private static let filesMax = 10_000

  /// Remembers how the folder looks now.
  package init(_ path: String) {
    self.path = path
    known = Self.marks(path)
  }

  /// Waits until a file is written, added or removed, and is whole: until two looks see the same.
  package mutating func waitForChange() {
    while true {
      Self.sleep()
      let found = Self.marks(path)
      guard found != known else { continue }
      Self.sleep()
      guard Self.marks(path) == found else { continue }
      known = found
      return
    }
  }

  private static func sleep() { Thread.sleep(forTimeInterval: interval / .seconds(1)) }

  private static func marks(_ path: String) -> [String: Mark] {
    var marks: [String: Mark] = [:]
    guard let files = FileManager.default.enumerator(atPath: path) else { return marks }
    for case let file as String in files {
      guard marks.count < filesMax else { break }
      var status = stat()
      guard unsafe stat(path + "/" + file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      marks[file] = Mark(
        inode: UInt(status.st_ino), size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
        nanoseconds: status.st_mtim.tv_nsec)
    }
    return marks
  }
}
