internal import Foundation

/// What a file holds and what it will hold.
package struct FileChange: Sendable {
  /// Relative to the folder that was worked on, or absolute.
  package let path: String
  /// As it is on the disk; nil for a file that is not there.
  package let before: [UInt8]?
  package let after: [UInt8]

  /// A change of one file.
  package init(path: String, before: [UInt8]?, after: [UInt8]) {
    (self.path, self.before, self.after) = (path, before, after)
  }

  /// The change as a unified diff.
  package func diff(color: Bool = false) -> String {
    let name = path.drop { $0 == "/" }
    return TextDiff(before ?? [], after).unified(
      from: before == nil ? "/dev/null" : "a/\(name)", to: "b/\(name)", Paint(color: color))
  }

  /// Writes the file, whole or not at all, below `folder`. What has changed since it was read stays as it is.
  package func write(below folder: String = ".") throws(OutputError) {
    let named =
      path.hasPrefix("/") ? URL(fileURLWithPath: path) : URL(fileURLWithPath: folder).appending(path: path)
    // A link stays a link: what it leads to is replaced.
    let target = before == nil ? named : named.resolvingSymlinksInPath()
    func failure(_ message: String) -> OutputError {
      OutputError(path: named.relativePath, isClosed: false, message: message)
    }
    if let before {
      guard let now = try? Data(contentsOf: target), now.elementsEqual(before) else {
        throw failure("the file was changed by someone else meanwhile")
      }
    } else if FileManager.default.fileExists(atPath: target.path) {
      throw failure("there is a file already")
    }
    do {
      let permissions = try? FileManager.default.attributesOfItem(atPath: target.path)[.posixPermissions]
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Without `atomic` where nothing is replaced: another process may not come between the look and the writing.
      try Data(after).write(to: target, options: before == nil ? .withoutOverwriting : .atomic)
      if let permissions {
        try? FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: target.path)
      }
    } catch {
      throw failure(Self.reason(of: error))
    }
  }

  /// What the system says about a failed access, as messages word it.
  static func reason(of error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey]
    if let cause = cause as? POSIXError { return systemMessage(cause.code.rawValue) }
    if let cause = cause as? NSError, cause.domain == NSPOSIXErrorDomain,
      let code = Int32(exactly: cause.code)
    {
      return systemMessage(code)
    }
    return "it cannot be written"
  }
}
