internal import CEL
internal import Foundation

/// Reads the files of a rule set's folder. Nothing outside of the folder is read, wherever links may lead.
struct FolderReader {
  private let root: String
  private let findings: Findings
  /// Contents to read instead of those on the disk, by path; also of files that are not there.
  private let replacing: [String: [UInt8]]
  private var fileCount = 0
  private var byteCount = 0

  /// The folder of a rule set that is not on the disk at all: below a device there is nothing.
  static let nowhere = "/dev/null/rules"

  private static let topFiles = ["ruleset.yaml", "schema.yaml", "features.yaml", "lists.yaml"]
  private static let topFolders = ["rules", "tests"]

  /// Nil when there is no such folder, which is then said.
  init?(_ path: String, replacing: [String: [UInt8]] = [:], _ findings: Findings) {
    self.findings = findings
    self.replacing = replacing
    guard path != FolderReader.nowhere else {
      root = path
      return
    }
    let place = Diagnostic.Place(file: path, span: nil)
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      findings.error(
        .folderMissing, at: place, "there is no folder `\(path)`",
        hint: "give the folder that holds `ruleset.yaml`")
      return nil
    }
    guard isFolder.boolValue else {
      let parent = (path as NSString).deletingLastPathComponent
      findings.error(
        .folderNotAFolder, at: place, "`\(path)` is a file, not the folder of a rule set",
        hint: path.hasSuffix(".yaml") ? "give the folder it is in: `\(parent.isEmpty ? "." : parent)`" : nil)
      return nil
    }
    root = FolderReader.resolved(path)
  }

  /// Everything but the files of lists, which are read as `lists.yaml` names them.
  mutating func read() -> RuleSetFiles {
    var files = RuleSetFiles()
    guard let names = names(in: "", of: root) else { return files }
    guard !names.isEmpty else {
      findings.error(
        .folderEmpty, at: Diagnostic.Place(file: ".", span: nil), "the folder is empty",
        hint: "a rule set needs `ruleset.yaml`, `schema.yaml` and rules in `rules/`")
      return files
    }
    files.header = top("ruleset.yaml", among: names, needed: "it names the rule set and its thresholds")
    files.schema = top("schema.yaml", among: names, needed: "it declares event types and fields")
    files.features = top("features.yaml", among: names, needed: nil)
    files.lists = top("lists.yaml", among: names, needed: nil)
    let unread = findings.errorCount
    files.rules = folder("rules", among: names)
    files.hasEveryRuleFile = findings.errorCount == unread
    files.tests = folder("tests", among: names)
    if files.rules.isEmpty {
      findings.error(
        .noRules, at: Diagnostic.Place(file: "rules", span: nil), "there are no rules",
        hint: "put them into files such as `rules/velocity.yaml`")
    }
    for name in names { checkExpected(name) }
    return files
  }

  /// The file of a list, by its path relative to the folder; `place` is where the path is written.
  mutating func listFile(_ path: Located<String>) -> RuleSetFile? {
    let parts = path.value.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.value.hasPrefix("/"), !parts.contains("..") else {
      findings.error(
        .fileOutside, at: path.place, "`\(path.value)` leads out of the rule set's folder",
        hint: "put the file beside `lists.yaml` and give its path from there")
      return nil
    }
    guard replacing[path.value] != nil || FileManager.default.fileExists(atPath: root + "/" + path.value)
    else {
      let folder = parts.dropLast().map { $0 + "/" }.joined()
      let present = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
      let near = DidYouMean.nearest(to: path.value, among: present.map { folder + $0 })
      findings.error(
        .fileMissing, at: path.place, "there is no file `\(path.value)` in the rule set",
        hint: near.map { "did you mean `\($0)`?" } ?? "its path is relative to the folder of `lists.yaml`",
        replacement: near)
      return nil
    }
    return read(path.value, bytesMax: RuleSetLimits.listFileBytesMax, place: path.place)
  }

  private mutating func top(_ name: String, among names: [String], needed: String?) -> RuleSetFile? {
    guard names.contains(name) else {
      guard let needed else { return nil }
      let near = DidYouMean.nearest(to: name, among: names)
      findings.error(
        .fileMissing, at: Diagnostic.Place(file: name, span: nil), "there is no `\(name)`: \(needed)",
        hint: near.map { "rename `\($0)` to `\(name)`" } ?? "create it; the README shows a small one")
      return nil
    }
    return read(name, bytesMax: YAMLLimits.fileBytesMax)
  }

  private mutating func folder(_ name: String, among names: [String]) -> [RuleSetFile] {
    guard names.contains(name) else { return [] }
    let path = root + "/" + name
    guard isInside(path, name) else { return [] }
    guard let members = self.names(in: name, of: path) else { return [] }
    var files: [RuleSetFile] = []
    for member in members {
      let relative = name + "/" + member
      guard member.hasSuffix(".yaml") else {
        warnOfUnread(relative, member)
        continue
      }
      if let file = read(relative, bytesMax: YAMLLimits.fileBytesMax) { files.append(file) }
    }
    return files
  }

  private func warnOfUnread(_ path: String, _ name: String) {
    guard name.hasSuffix(".yml") || name.hasSuffix(".YAML") || FolderReader.isFolder(root + "/" + path) else {
      return
    }
    let isFolder = FolderReader.isFolder(root + "/" + path)
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    findings.warning(
      .unexpectedFile, at: Diagnostic.Place(file: path, span: nil), "nothing reads `\(path)`",
      hint: isFolder
        ? "files in folders of folders are not read: move them up" : "rename it to `\(stem).yaml`")
  }

  /// Warns of what looks like a part of the rule set and is none.
  private func checkExpected(_ name: String) {
    let known = FolderReader.topFiles + FolderReader.topFolders
    guard !known.contains(name) else { return }
    let isFolder = FolderReader.isFolder(root + "/" + name)
    let isYAML = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let candidates = isFolder ? FolderReader.topFolders : known
    let base = name.hasSuffix(".yml") ? String(name.dropLast(4)) + ".yaml" : name
    let near = known.contains(base) ? base : DidYouMean.nearest(to: base, among: candidates)
    let place = Diagnostic.Place(file: name, span: nil)
    if isFolder, let near {
      findings.warning(
        .unexpectedFile, at: place, "nothing reads the folder `\(name)`", hint: "did you mean `\(near)`?")
    } else if !isFolder, isYAML {
      findings.warning(
        .unexpectedFile, at: place, "nothing reads `\(name)`",
        hint: near.map { "did you mean `\($0)`?" } ?? "rules belong into `rules/`, tests into `tests/`")
    }
  }

  /// The names in a folder that are not hidden, in the order of their bytes.
  private func names(in relative: String, of path: String) -> [String]? {
    let added = replacedNames(in: relative)
    do {
      let present = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }
      return added.union(present).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      if !added.isEmpty, !FileManager.default.fileExists(atPath: path) { return added.sorted() }
      let place = Diagnostic.Place(file: relative.isEmpty ? "." : relative, span: nil)
      findings.error(
        FolderReader.isFolder(path) ? .folderUnreadable : .folderNotAFolder, at: place,
        FolderReader.isFolder(path) ? "the folder cannot be read" : "`\(relative)` is a file, not a folder",
        hint: FolderReader.isFolder(path) ? "check its permissions" : nil)
      return nil
    }
  }

  /// The names in a folder of which a replacement tells.
  private func replacedNames(in folder: String) -> Set<String> {
    let prefix = folder.isEmpty ? "" : folder + "/"
    let names = replacing.keys.filter { $0.hasPrefix(prefix) }.map { path in
      String(path.dropFirst(prefix.count).prefix { $0 != "/" })
    }
    return Set(names)
  }

  private mutating func read(_ path: String, bytesMax: Int, place: Diagnostic.Place? = nil) -> RuleSetFile? {
    let place = place ?? Diagnostic.Place(file: path, span: nil)
    let full = root + "/" + path
    guard isInside(full, path, place: place) else { return nil }
    fileCount += 1
    guard fileCount <= RuleSetLimits.filesMax else {
      if fileCount == RuleSetLimits.filesMax + 1 {
        findings.error(
          .tooManyFiles, at: place, "more than \(RuleSetLimits.filesMax.grouped) files in one rule set")
      }
      return nil
    }
    if let bytes = replacing[path] {
      let file = RuleSetFile(path: path, bytes: bytes)
      findings.keep(file)
      return file
    }
    let resolved = FolderReader.resolved(full)
    let kind = try? FileManager.default.attributesOfItem(atPath: resolved)[.type] as? FileAttributeType
    guard kind == .typeRegular, let handle = FileHandle(forReadingAtPath: resolved),
      let data = try? handle.read(upToCount: bytesMax + 1)
    else {
      return unreadable(kind, resolved, path, place)
    }
    byteCount += data.count
    guard data.count <= bytesMax, byteCount <= RuleSetLimits.bytesMax else {
      let limit = data.count > bytesMax ? "\(bytesMax.grouped) bytes" : "what a rule set may have in all"
      findings.error(
        .fileTooLarge, at: place, "`\(path)` is larger than \(limit)", hint: "split it into several files")
      return nil
    }
    let file = RuleSetFile(path: path, bytes: Array(data))
    findings.keep(file)
    return file
  }

  /// An empty file reads as no data at all.
  private func unreadable(
    _ kind: FileAttributeType?, _ resolved: String, _ path: String, _ place: Diagnostic.Place
  ) -> RuleSetFile? {
    if kind == .typeRegular, FileManager.default.isReadableFile(atPath: resolved) {
      let file = RuleSetFile(path: path, bytes: [])
      findings.keep(file)
      return file
    }
    findings.error(
      .fileUnreadable, at: place,
      kind == .typeRegular ? "`\(path)` cannot be read" : "`\(path)` is not a regular file",
      hint: kind == .typeRegular ? "check its permissions" : nil)
    return nil
  }

  private func isInside(_ full: String, _ path: String, place: Diagnostic.Place? = nil) -> Bool {
    let resolved = FolderReader.resolved(full)
    if resolved.hasPrefix(root.hasSuffix("/") ? root : root + "/") { return true }
    findings.error(
      .fileOutside, at: place ?? Diagnostic.Place(file: path, span: nil),
      "`\(path)` is a link that leads out of the rule set's folder", hint: "copy the file into the folder")
    return false
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
