import Foundation
import RuleSets
import Workbench

/// A folder as it was at a revision of the Git repository that it is in.
struct GitRevision {
  /// Where the folder is now.
  let folder: String
  /// What `--base` named.
  let revision: String

  /// Reads the rule set that the folder held: its own files and those of its lists, and nothing else of the revision.
  func load() throws(Stop) -> LoadedRuleSet {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let git = Git(scratch: scratch)
    try expectRepository(git)
    let commit = try git.run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], in: folder)
    guard commit.isFine else {
      throw Stop(
        .input, "`--base`: there is no revision `\(revision)`",
        hint:
          "name a branch, a tag or a commit that is here; a shallow clone has few: `git fetch --unshallow`")
    }
    let tree = GitTree(git: git, folder: folder, commit: commit.text, revision: revision)
    var files = RevisionFiles(tree)
    guard let contents = try files.read() else {
      throw Stop(
        .input, "`--base`: `\(folder)` is not in `\(revision)`",
        hint: "a rule set that is new there has nothing to be compared with; name a later revision")
    }
    guard !contents.isEmpty else {
      throw tree.stop(
        "`\(folder)`", "holds no rule set", hint: "a rule set begins with `ruleset.yaml` and `schema.yaml`")
    }
    return RuleSetLoader.load(files: contents)
  }

  private func expectRepository(_ git: Git) throws(Stop) {
    let found = try git.run(["rev-parse", "--show-prefix"], in: folder)
    if found.isFine { return }
    let isForeign = found.errors.contains("dubious ownership")
    throw Stop(
      .input,
      isForeign
        ? "`--base`: Git does not trust the repository of `\(folder)`, which belongs to someone else"
        : "`--base`: `\(folder)` is in no Git repository",
      hint: isForeign
        ? "`git config --global --add safe.directory PATH` makes it trusted"
        : "give the other rule set as a folder instead")
  }
}

/// The files of a rule set at a revision. What is too large is known from Git's listing and never read.
private struct RevisionFiles {
  private static let topFiles = ["ruleset.yaml", "schema.yaml", "features.yaml", "lists.yaml"]
  private static let folders = ["rules", "tests"]

  private let tree: GitTree
  /// Not read yet, by the path under which the rule set knows it.
  private var wanted: [(path: String, entry: GitTree.Entry)] = []
  private var (fileCount, byteCount) = (0, 0)
  private var contents: [String: [UInt8]] = [:]

  init(_ tree: GitTree) { self.tree = tree }

  /// Their contents by path; nil where the folder was not there.
  mutating func read() throws(Stop) -> [String: [UInt8]]? {
    let top = try tree.entries()
    if top.isEmpty { return nil }
    for entry in top {
      guard let name = entry.path, Self.isYAML(name) else { continue }
      // Of the others the names alone, for what is said of files that are missing or misspelled.
      contents[name] = []
      if Self.topFiles.contains(name) { try want(entry, as: name, bytesMax: YAMLLimits.fileBytesMax) }
    }
    for name in Self.folders {
      if let folder = top.first(where: { $0.path == name }) { try wantMembers(of: folder, name) }
    }
    try take()
    try takeLists()
    return contents
  }

  /// The files that lists name; what is wrong with a name is told by whoever reads the rules.
  private mutating func takeLists() throws(Stop) {
    for path in Set(RuleSetLoader.listFiles(contents["lists.yaml"] ?? [])).sorted() {
      let isOutside = path.hasPrefix("/") || path.split(separator: "/").contains("..")
      guard !path.isEmpty, !isOutside, !path.utf8.contains(0) else { continue }
      let isThere = contents[path].map { !$0.isEmpty } ?? false
      guard !isThere, let entry = try tree.entry(path) else { continue }
      try want(entry, as: path, bytesMax: RuleSetLimits.listFileBytesMax)
    }
    try take()
  }

  private mutating func wantMembers(of folder: GitTree.Entry, _ name: String) throws(Stop) {
    guard let found = try tree.followed(folder) else { return }
    guard found.kind == .folder, let path = found.path else {
      // A file in the place of a folder, which is told by whoever reads the rules.
      contents[name] = []
      return
    }
    for entry in try tree.entries(below: path) where entry.shownPath.hasSuffix(".yaml") {
      guard let member = entry.name else {
        throw tree.stop("`\(entry.shownPath)`", "has a name that is no UTF-8", hint: "rename it")
      }
      guard Self.isYAML(member), entry.kind != .folder else { continue }
      try want(entry, as: "\(name)/\(member)", bytesMax: YAMLLimits.fileBytesMax)
    }
  }

  private static func isYAML(_ name: String) -> Bool {
    !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
  }

  private mutating func want(_ entry: GitTree.Entry, as path: String, bytesMax: Int) throws(Stop) {
    guard let file = try tree.followed(entry) else { return }
    guard file.kind == .file else { throw tree.stop("`\(path)`", "is a folder, not a file") }
    (fileCount, byteCount) = (fileCount + 1, byteCount + file.size)
    guard fileCount <= RuleSetLimits.filesMax else {
      throw tree.stop("the rule set", "has more than \(RuleSetLimits.filesMax) files")
    }
    guard file.size <= bytesMax else {
      throw tree.stop("`\(path)`", "has \(file.size) bytes, more than the \(bytesMax) allowed")
    }
    guard byteCount <= RuleSetLimits.bytesMax else {
      throw tree.stop("the rule set", "has more than \(RuleSetLimits.bytesMax) bytes")
    }
    wanted.append((path, file))
  }

  /// Reads what is wanted by now.
  private mutating func take() throws(Stop) {
    for (file, content) in zip(wanted, try tree.contents(of: wanted.map(\.entry))) {
      contents[file.path] = content
    }
    wanted = []
  }
}
