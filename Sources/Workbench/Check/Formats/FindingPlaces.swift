package import RuleSets

/// Where findings stand as readers outside of the rule set's folder know it: paths from where the command runs, lines and
/// columns instead of offsets.
package struct FindingPlaces: Sendable {
  private let folder: String
  private let here: String
  private let sources: SourceFiles

  /// `folder` as the caller named it, `here` the folder that paths are told from.
  package init(_ loaded: LoadedRuleSet, folder: String, from here: String) {
    (sources, self.folder, self.here) = (loaded.sources, folder, here)
  }

  /// A part of a file in the way people count: from 1, columns in Unicode scalars, the end one behind the last character.
  package struct Region: Sendable, Hashable {
    package let start: SourceText.Position
    package let end: SourceText.Position
    /// In bytes.
    package let offset: Int
    package let length: Int
  }

  /// Nil for a file as a whole and for one whose text is not known.
  package func region(of place: Diagnostic.Place) -> Region? {
    guard let span = place.span, let source = sources[place.file] else { return nil }
    return Region(
      start: source.position(of: span.lowerBound), end: source.position(of: span.upperBound),
      offset: span.lowerBound, length: span.count)
  }

  /// The path of a file of the rule set; absolute only where it is not below `here`.
  package func path(of file: String) -> String {
    // What is told about the folder itself names it as it was given.
    let parts = file == folder || file == "." ? folder : folder + "/" + file
    let path = Self.plain(parts)
    let base = Self.plain(here)
    if path == base { return "." }
    return path.hasPrefix(base + "/") ? String(path.dropFirst(base.count + 1)) : path
  }

  /// The path as a relative reference, or as a whole `file:` URI where the path is absolute.
  package func uri(of file: String) -> String {
    let path = path(of: file)
    var uri = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      if Self.unreserved.contains(byte) {
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return uri
  }

  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)

  /// Without `.` and doubled slashes; `..` stays, since a link may stand before it.
  private static func plain(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
