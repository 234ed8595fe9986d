import Foundation
import RuleSets
import Workbench

/// A folder as it was at a revision of the Git repository that it is in.
struct GitRevision {
  /// Where the folder is now.
  let folder: String
  /// What `--base` named.
  let revision: String

  /// Reads the rule set that the folder held, in a temporary folder that is gone when this returns.
  func load() throws(Stop) -> LoadedRuleSet {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let git = Git(scratch: scratch)
    let prefix = try prefix(git)
    let commit = try git.run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"], in: folder)
    guard commit.isFine else {
      throw Stop(
        .input, "`--base`: there is no revision `\(revision)`",
        hint:
          "name a branch, a tag or a commit that is here; a shallow clone has few: `git fetch --unshallow`")
    }
    let target = scratch.path + "/rules"
    let count = try extract(commit.text, prefix, to: target, git)
    guard count > 0 else {
      throw Stop(
        .input, "`--base`: `\(folder)` is not in `\(revision)`",
        hint: "a rule set that is new there has nothing to be compared with; name a later revision")
    }
    do {
      return try RuleFolder.load(target)
    } catch {
      throw Stop(.input, "`\(folder)` at `\(revision)`: \(error.message)", hint: error.hint)
    }
  }

  /// The folder's path from the top of its repository, empty for the top itself, else with a `/` at its end.
  private func prefix(_ git: Git) throws(Stop) -> String {
    let found = try git.run(["rev-parse", "--show-prefix"], in: folder)
    guard found.isFine else {
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
    return found.text
  }

  /// Writes the files that the folder had, and gives back how many there were.
  private func extract(
    _ commit: String, _ prefix: String, to target: String, _ git: Git
  ) throws(Stop) -> Int {
    let tree = prefix.isEmpty ? commit : "\(commit):\(prefix.dropLast())"
    let listing = try git.run(["ls-tree", "-r", "-z", "--full-tree", tree], in: folder)
    guard listing.isFine else { return 0 }
    let entries = listing.output.split(separator: 0).compactMap(TreeEntry.init)
    let request = entries.map { $0.object + "\n" }.joined()
    let contents = try git.run(["cat-file", "--batch"], in: folder, input: Data(request.utf8))
    guard contents.isFine else { throw Stop(.input, "`git cat-file` failed: \(contents.errors)") }
    var rest = contents.output[...]
    var files: [(entry: TreeEntry, content: Data.SubSequence)] = []
    for entry in entries {
      guard let content = Self.nextObject(&rest) else {
        throw Stop(.input, "`git cat-file` has no content of `\(entry.path)` at `\(revision)`")
      }
      files.append((entry, content))
    }
    try expectNothingBehindLinks(entries)
    // Links last: nothing is written through one.
    for file in files where !file.entry.isLink { try file.entry.write(file.content, below: target) }
    for file in files where file.entry.isLink { try file.entry.write(file.content, below: target) }
    return entries.count
  }

  /// A tree that was made by hand may name a link and something below it, which would lie wherever the link leads.
  private func expectNothingBehindLinks(_ entries: [TreeEntry]) throws(Stop) {
    let links = Set(entries.filter(\.isLink).map(\.path))
    for entry in entries {
      var parent = entry.path[...]
      while let slash = parent.lastIndex(of: "/") {
        parent = parent[..<slash]
        guard !links.contains(String(parent)) else {
          throw Stop(
            .input, "`\(entry.path)` at `\(revision)` stands behind a link of that tree",
            hint: "no honest commit has that: see where it came from")
        }
      }
    }
  }

  /// One answer of `cat-file --batch`: `OBJECT blob SIZE`, a line break, so many bytes, a line break.
  private static func nextObject(_ rest: inout Data.SubSequence) -> Data.SubSequence? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
    guard words.count == 3, let size = Int(words[2]), size >= 0, size < rest.endIndex - end else {
      return nil
    }
    let content = rest[(end + 1)..<(end + 1 + size)]
    rest = rest[(end + 1 + size)...].dropFirst()
    return content
  }
}

/// One file of a Git tree.
private struct TreeEntry {
  let isLink: Bool
  let object: String
  let path: String

  /// Reads `100644 blob OBJECT<tab>PATH`; nil for what is no file, such as a repository within.
  init?(_ line: Data.SubSequence) {
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
    let words = String(decoding: line[..<tab], as: UTF8.self).split(separator: " ")
    guard words.count == 3, words[1] == "blob" else { return nil }
    path = String(decoding: line[(tab + 1)...], as: UTF8.self)
    // A tree that was made by hand could name anything.
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { return nil }
    isLink = words[0] == "120000"
    object = String(words[2])
  }

  func write(_ content: Data.SubSequence, below folder: String) throws(Stop) {
    let file = URL(filePath: folder).appending(path: path)
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      if isLink {
        // Whether it leads out of the rule set is judged by whoever reads it.
        try FileManager.default.createSymbolicLink(
          atPath: file.path, withDestinationPath: String(decoding: content, as: UTF8.self))
      } else {
        try Data(content).write(to: file, options: .withoutOverwriting)
      }
    } catch {
      throw Stop(
        .input, "`\(file.path)` cannot be written", hint: "see that there is room in the temporary folder")
    }
  }
}
