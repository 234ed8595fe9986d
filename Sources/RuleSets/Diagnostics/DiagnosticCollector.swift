/// Gathers findings while a rule set is read and checked; no check stops because another one found something.
///
/// Memory is bounded whatever the input: past twice the cap the findings are sorted and the last are counted only.
public struct DiagnosticCollector: Sendable {
  /// How many findings are kept and shown.
  public static let countMax = 100

  private var kept: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []
  private var omitted = 0
  /// How many different errors were added, shown or not.
  public private(set) var errorCount = 0

  /// An empty collector.
  public init() {}

  /// Whether the rule set cannot be used.
  public var hasErrors: Bool { errorCount > 0 }

  /// Takes a finding; one that is already there is not taken twice.
  public mutating func add(_ diagnostic: Diagnostic) {
    guard seen.insert(diagnostic).inserted else { return }
    if diagnostic.severity == .error { errorCount += 1 }
    kept.append(diagnostic)
    if kept.count >= 2 * Self.countMax { trim() }
  }

  /// Takes every finding of `list`.
  public mutating func add(_ list: DiagnosticList) {
    for diagnostic in list.all { add(diagnostic) }
    omitted += list.omitted
  }

  /// The findings in the order of file, place and code, at most `countMax`, errors before warnings where not all fit.
  public func list() -> DiagnosticList {
    var copy = self
    copy.trim()
    return DiagnosticList(all: copy.kept.sorted(), omitted: copy.omitted)
  }

  private mutating func trim() {
    guard kept.count > Self.countMax else { return }
    kept.sort { left, right in
      left.severity == right.severity ? left < right : left.severity == .error
    }
    omitted += kept.count - Self.countMax
    kept.removeSubrange(Self.countMax...)
    seen = Set(kept)
  }
}

/// What was found in a rule set, sorted by file, place and code.
public struct DiagnosticList: Error, Sendable, Hashable {
  /// The findings that are shown.
  public let all: [Diagnostic]
  /// How many more there were.
  public let omitted: Int

  /// A list that is already sorted and capped.
  public init(all: [Diagnostic], omitted: Int = 0) {
    self.all = all
    self.omitted = omitted
  }

  /// Whether any of the findings is an error; errors are shown before warnings are, so none hides among the omitted.
  public var hasErrors: Bool { all.contains { $0.severity == .error } }
}
