public import Foundation

/// Data published by others (card transactions, conformance suites) that the project may not contain.
///
/// It is looked for where `ASSAY_SHARED` points, else in the folder `shared` beside the project.
public enum SharedData {
  /// The project's own top folder.
  public static let projectRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The file or folder at `path` below the shared folder, such as `data/conformance/cel.json`, or nil if absent.
  public static func url(_ path: String) -> URL? {
    let root =
      ProcessInfo.processInfo.environment["ASSAY_SHARED"].map { URL(filePath: $0) }
      ?? projectRoot.deletingLastPathComponent().appending(path: "shared")
    let url = root.appending(path: path)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
