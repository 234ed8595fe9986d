/// A finding about a rule set: a value that is collected, sorted and rendered, never thrown by itself.
public struct Diagnostic: Sendable, Hashable {
  /// An error keeps the rule set from loading, a warning does not.
  public enum Severity: String, Sendable, Hashable { case error, warning }

  /// A related place or fact, such as where a name was first defined.
  public struct Note: Sendable, Hashable {
    /// Lower case, no final period, names in back-ticks.
    public let message: String
    /// Where, if the note has a place of its own.
    public let place: Place?

    /// A note beside a diagnostic.
    public init(_ message: String, at place: Place? = nil) {
      self.message = message
      self.place = place
    }
  }

  /// A part of a file, or the file as a whole.
  public struct Place: Sendable, Hashable {
    /// The path relative to the rule set's folder, with `/` between its parts.
    public let file: String
    /// UTF-8 offsets into the file; nil means the file as a whole, for example one that is missing.
    public let span: Range<Int>?

    /// The bytes `span` of `file`.
    public init(file: String, span: Range<Int>?) {
      self.file = file
      self.span = span
    }
  }

  /// What to write in the place of some text, where that is beyond doubt.
  public struct Edit: Sendable, Hashable {
    /// What goes; its `span` is never nil.
    public let place: Place
    /// What stands there then, as it is written in the file: escapes of the surrounding text included.
    public let replacement: String

    /// The replacement of what stands at `place`.
    public init(at place: Place, replacement: String) {
      self.place = place
      self.replacement = replacement
    }
  }

  /// Stable and unique to its kind of finding, kebab case.
  public let code: String
  /// How bad it is.
  public let severity: Severity
  /// Where it is.
  public let place: Place
  /// Lower case, no final period, names in back-ticks.
  public let message: String
  /// What to write instead, where that is known.
  public let hint: String?
  /// Related places, in the order in which they are told.
  public let notes: [Note]
  /// What mends it: one edit for each place that is meant; empty where only its author can tell.
  public let edits: [Edit]

  /// A finding at `place`.
  public init(
    code: String, severity: Severity = .error, at place: Place, message: String, hint: String? = nil,
    notes: [Note] = [], edits: [Edit] = []
  ) {
    self.code = code
    self.severity = severity
    self.place = place
    self.message = message
    self.hint = hint
    self.notes = notes
    self.edits = edits
  }

  /// The path of the file it is in.
  public var file: String { place.file }
  /// UTF-8 offsets into that file; nil for the file as a whole.
  public var span: Range<Int>? { place.span }
}

extension Diagnostic: Comparable {
  /// In the order of file, place and code; the rest only makes the order total.
  public static func < (left: Self, right: Self) -> Bool {
    if left.file != right.file { return left.file < right.file }
    let (leftStart, rightStart) = (left.span?.lowerBound ?? -1, right.span?.lowerBound ?? -1)
    if leftStart != rightStart { return leftStart < rightStart }
    if left.code != right.code { return left.code < right.code }
    let (leftEnd, rightEnd) = (left.span?.upperBound ?? -1, right.span?.upperBound ?? -1)
    if leftEnd != rightEnd { return leftEnd < rightEnd }
    if left.message != right.message { return left.message < right.message }
    return (left.hint ?? "") < (right.hint ?? "")
  }
}
