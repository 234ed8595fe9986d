import Foundation

/// A folder at a commit: what Git lists of it, and the contents of what is asked for.
struct GitTree {
  /// Links that lead on to one another.
  private static let linksMax = 16
  /// UTF-8 bytes of a link's target.
  private static let targetBytesMax = 4_096

  let git: Git
  /// Where the folder is now; Git shows the same folder of the commit.
  let folder: String
  let commit: String
  /// The commit as it was named.
  let revision: String

  /// One name of a folder.
  struct Entry {
    enum Kind { case file, link, folder, submodule }

    let kind: Kind
    let object: String
    /// Of a file or a link.
    let size: Int
    /// From the rule set's folder on; nil where it is no UTF-8.
    let path: String?
    /// The same, readable whatever it is.
    let shownPath: String

    /// The last part of the path.
    var name: String? { path.flatMap { $0.split(separator: "/").last.map(String.init) } }
  }

  /// What stands in the folder, or in one below it.
  func entries(below path: String? = nil) throws(Stop) -> [Entry] {
    let listing = try git.run(
      ["ls-tree", "-l", "-z", commit] + (path.map { ["--", $0 + "/"] } ?? []), in: folder)
    guard listing.isFine else { return [] }
    return listing.output.split(separator: 0).compactMap(Entry.init)
  }

  /// What stands at a path, links among the folders above it followed; nil where nothing does.
  func entry(_ path: String) throws(Stop) -> Entry? { try entry(path, links: Self.linksMax) }

  /// The file or folder that an entry is or leads to; nil where it leads to nothing.
  func followed(_ entry: Entry) throws(Stop) -> Entry? { try followed(entry, links: Self.linksMax) }

  private func entry(_ path: String, links: Int) throws(Stop) -> Entry? {
    let listing = try git.run(["ls-tree", "-l", "-z", commit, "--", path], in: folder)
    if listing.isFine, let found = listing.output.split(separator: 0).compactMap(Entry.init).first {
      return found
    }
    guard let slash = path.lastIndex(of: "/") else { return nil }
    // Git does not look behind links.
    guard let above = try entry(String(path[..<slash]), links: links), above.kind == .link,
      let leading = try followed(above, links: links), leading.kind == .folder, let folder = leading.path
    else { return nil }
    return try entry(folder + path[slash...], links: links - 1)
  }

  private func followed(_ entry: Entry, links: Int) throws(Stop) -> Entry? {
    switch entry.kind {
    case .file, .folder: return entry
    case .submodule:
      throw stop(
        "`\(entry.shownPath)`", "is a submodule, whose files are in another repository",
        hint: "give the other rule set as a folder instead")
    case .link: break
    }
    guard links > 0, entry.size <= Self.targetBytesMax else {
      throw stop("`\(entry.shownPath)`", "is a link that leads to no end", hint: "put the file in its place")
    }
    let bytes = try contents(of: [entry]).first ?? []
    guard let path = entry.path, let target = String(validating: bytes, as: UTF8.self),
      let leading = Self.path(of: target, from: path)
    else {
      throw stop(
        "`\(entry.shownPath)`", "is a link that leads out of the rule set's folder",
        hint: "copy the file into the folder")
    }
    return try self.entry(leading, links: links - 1).flatMap { found throws(Stop) in
      try followed(found, links: links - 1)
    }
  }

  /// Where a link at `path` leads; nil for what is not below the rule set's folder.
  private static func path(of target: String, from path: String) -> String? {
    if target.hasPrefix("/") { return nil }
    var parts = path.split(separator: "/").dropLast()
    for part in target.split(separator: "/") where part != "." {
      guard part == ".." else {
        parts.append(part)
        continue
      }
      if parts.popLast() == nil { return nil }
    }
    return parts.isEmpty ? nil : parts.joined(separator: "/")
  }

  /// The contents of files and links.
  func contents(of entries: [Entry]) throws(Stop) -> [[UInt8]] {
    if entries.isEmpty { return [] }
    let request = entries.map { $0.object + "\n" }.joined()
    let answer = try git.run(["cat-file", "--batch"], in: folder, input: Data(request.utf8))
    var rest = answer.output[...]
    var contents: [[UInt8]] = []
    for entry in entries {
      guard answer.isFine, let content = Self.nextObject(&rest) else {
        throw Stop(
          .input, "`--base`: Git has no content of `\(entry.shownPath)` at `\(revision)`",
          hint: "see what `git fsck` says")
      }
      contents.append([UInt8](content))
    }
    return contents
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

  /// Why the rule set of that revision cannot be loaded.
  func stop(_ what: String, _ problem: String, hint: String = "compare with another revision") -> Stop {
    Stop(.rules, "\(what) at `\(revision)` \(problem)", hint: hint)
  }
}

extension GitTree.Entry {
  /// Reads `100644 blob OBJECT SIZE<tab>PATH`; nil for anything else.
  fileprivate init?(_ line: Data.SubSequence) {
    guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
    let words = String(decoding: line[..<tab], as: UTF8.self).split(separator: " ")
    guard words.count == 4 else { return nil }
    switch (words[0], words[1]) {
    case ("120000", "blob"): kind = .link
    case (_, "blob"): kind = .file
    case (_, "tree"): kind = .folder
    case (_, "commit"): kind = .submodule
    default: return nil
    }
    object = String(words[2])
    size = Int(words[3]) ?? 0
    let bytes = line[(tab + 1)...]
    path = String(validating: bytes, as: UTF8.self)
    shownPath = String(decoding: bytes, as: UTF8.self)
  }
}
