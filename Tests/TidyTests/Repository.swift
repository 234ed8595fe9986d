import Foundation

/// The files of this repository as they stand on disk, without what builds leave behind.
struct Repository {
  /// A file with its path below the top folder.
  struct File: Sendable {
    let path: String
    let bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var lineCount: Int { bytes.count { $0 == UInt8(ascii: "\n") } }
  }

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The names at the top, sorted.
  static func topLevel() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
  }

  /// Every file below `folder`, in the order of paths.
  static func files(below folder: String) throws -> [File] {
    let top = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(at: top, includingPropertiesForKeys: [.isRegularFileKey])
    else { return [] }
    var files: [File] = []
    for case let url as URL in walk {
      guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
      let path = String(url.path.dropFirst(root.path.count + 1))
      files.append(File(path: path, bytes: Array(try Data(contentsOf: url))))
    }
    return files.sorted { $0.path < $1.path }
  }

  /// The sources that people write: Swift and C.
  static func sources(below folders: [String] = ["Sources", "Tests"]) throws -> [File] {
    try folders.flatMap { try files(below: $0) }.filter { file in
      ["swift", "c", "cpp", "h", "hpp"].contains((file.path as NSString).pathExtension)
    }
  }
}
