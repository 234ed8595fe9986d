internal import Foundation
package import RuleSets

/// What laying out files would change.
package struct LayoutRun: Sendable {
  /// Files whose layout changes, by the paths to write them to.
  package private(set) var changes: [FileChange] = []
  /// The findings about files that are no YAML of ours.
  package private(set) var unreadable: [(DiagnosticList, SourceFiles)] = []
  /// Files with something that is not laid out.
  package private(set) var leftAlone: [String] = []
  /// How many files were looked at.
  package private(set) var fileCount = 0

  /// Looks at `paths`: folders of rule sets, and files.
  package init(_ paths: [String]) throws(InputError) {
    var seen: Set<String> = []
    // A file that is named twice, or lies in a folder that is named too, is laid out once.
    func isNew(_ path: String) -> Bool {
      seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted
    }
    for path in paths {
      var isFolder: ObjCBool = false
      let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      guard isThere, isFolder.boolValue else {
        if isNew(path) { try take(path) }
        continue
      }
      for file in try Self.files(in: path) where isNew(file) { try take(file) }
    }
  }

  private mutating func take(_ path: String) throws(InputError) {
    let bytes = try Self.bytes(of: path)
    fileCount += 1
    switch RuleFileLayout.lay(out: bytes, file: path) {
    case .laidOut(let after):
      if after != bytes { changes.append(FileChange(path: path, before: bytes, after: after)) }
    case .unreadable(let findings, let sources): unreadable.append((findings, sources))
    case .leftAlone: leftAlone.append(path)
    }
  }

  /// The YAML files of a rule set, in the order of their names.
  private static func files(in folder: String) throws(InputError) -> [String] {
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    var files: [String] = []
    for part in ["", "/rules", "/tests"] {
      let path = base + part
      guard part.isEmpty || FileManager.default.fileExists(atPath: path) else { continue }
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        let own = names.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
        // As an author would name them: `rules/a.yaml`, not `./rules/a.yaml`.
        files += own.map { (path + "/" + $0).droppingCurrentFolder }
      } catch {
        throw InputError(code: .cannotRead, path: path, message: FileChange.reason(of: error))
      }
    }
    return files
  }

  /// One byte more than a file may have is enough to call it too large.
  private static func bytes(of path: String) throws(InputError) -> [UInt8] {
    let file = try InputFile(opening: path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= YAMLLimits.fileBytesMax {
      let count = try file.read(into: &buffer)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return bytes
  }
}

extension String {
  /// Without `./` at the beginning.
  fileprivate var droppingCurrentFolder: String {
    var rest = self[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2).drop { $0 == "/" } }
    return String(rest)
  }
}
