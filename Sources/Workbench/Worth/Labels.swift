internal import Windows

/// What is known of a stream's events in truth, by event id; compact, so that millions fit.
///
/// An id is kept as 64 bits of its hash: among five million ids two share one with a probability below one in a
/// million. An event without a label is honest, unless the file says of some event that it is honest: then the file
/// tells both sides, and what it does not mention is unknown and left out. `--unlabelled` says which it is.
package struct Labels: Sendable {
  /// Kinds of fraud that are told apart; further ones are one kind.
  package static let kindsMax = 255
  /// UTF-8 bytes of a kind's name.
  package static let kindBytesMax = 128
  /// What the kinds beyond the limit are called.
  package static let furtherKinds = "(further kinds)"
  /// Labels whose ids are kept, from the first on, so that those without an event can be named.
  private static let namedMax = 65_536
  /// Labels without an event that are named.
  package static let unmetShownMax = 3
  private static let seed: UInt64 = 0
  private static let metBit: UInt16 = 1 << 15

  /// The kinds of fraud in the order in which they first come.
  package private(set) var kinds: [String] = []
  /// Events that have a label.
  package var count: Int { numbers.count }
  /// Labels whose event came by.
  package private(set) var metCount = 0
  /// Labels whose event did not come.
  package var unmetCount: Int { count - metCount }
  /// Lines that said of an event once more what was known.
  package private(set) var repeatedCount = 0
  /// Lines that said of an event something else than a line before.
  package private(set) var contradictedCount = 0
  /// The first lines that contradict one before, and those that say nothing; `badLineCount` has all of the latter.
  package private(set) var remarks: [ReplaySummary.BadLine] = []
  package private(set) var badLineCount = 0
  /// Labels by class, contradicted ones among the unknown.
  package private(set) var counts: [Label.Truth: Int] = [:]
  private var numbers: [UInt64: UInt16] = [:]
  private var indexOfKind: [String: Int] = [:]
  private var named: [NamedLabel] = []

  /// A label as its file has it.
  package struct NamedLabel: Sendable, Hashable {
    /// The event's id.
    package let id: String
    /// From 1.
    package let line: Int
  }

  /// No labels.
  package init() {}

  /// What an event is that the file does not mention.
  package var unlabelled: Label {
    switch unlabelledTruth {
    case .honest?: .honest
    case .unknown?: .unknown
    case nil: saysHonest ? .unknown : .honest
    }
  }

  /// What somebody may say that an event without a label is.
  package enum UnlabelledTruth: String, Sendable, CaseIterable {
    case honest, unknown
  }

  /// What somebody said that an event without a label is; nil where the file tells it.
  package var unlabelledTruth: UnlabelledTruth?

  /// The file says of some event that it is honest.
  package private(set) var saysHonest = false

  /// The name of a label's kind; nil for what is no fraud.
  package func name(of label: Label) -> String? {
    label.kind.flatMap { kinds.indices.contains($0) ? kinds[$0] : nil }
  }

  /// The label of the event whose id is the bytes of `arena` at `id`; notes that the event came by.
  package mutating func meet(_ arena: RawSpan, id: Range<Int>) -> Label {
    guard let index = numbers.index(forKey: Hashing.hash(arena, id, seed: Self.seed)) else {
      return unlabelled
    }
    let number = numbers.values[index]
    if number & Self.metBit == 0 {
      metCount += 1
      numbers.values[index] = number | Self.metBit
    }
    return Label(number: number & ~Self.metBit)
  }

  /// The first labels whose event did not come, as many as are shown.
  package var firstUnmet: [NamedLabel] {
    Array(
      named.lazy.filter { label in
        let id = Array(label.id.utf8)
        return unsafe numbers[Hashing.hash(id.span.bytes, id.indices, seed: Self.seed)].map {
          $0 & Self.metBit == 0
        } ?? false
      }.prefix(ShortList.count(of: unmetCount, atMost: Self.unmetShownMax)))
  }

  /// Takes in what a line says of an event; `place` is for the remark on a contradiction.
  mutating func take(id: ArraySlice<UInt8>, _ word: LabelWord, at place: ReplaySummary.LinePlace) {
    let label = label(for: word)
    let hash = unsafe Hashing.hash(id.span.bytes, 0..<id.count, seed: Self.seed)
    guard let known = numbers[hash].map({ Label(number: $0) }) else {
      numbers[hash] = label.number
      counts[label.truth, default: 0] += 1
      if named.count < Self.namedMax {
        named.append(NamedLabel(id: String(decoding: id, as: UTF8.self), line: place.number))
      }
      return
    }
    if known == label {
      repeatedCount += 1
    } else {
      contradict(known, label, hash, id, place)
    }
  }

  /// Of two kinds of fraud the first stands; what lines put into different classes is unknown, and stays it.
  private mutating func contradict(
    _ known: Label, _ label: Label, _ hash: UInt64, _ id: ArraySlice<UInt8>, _ place: ReplaySummary.LinePlace
  ) {
    contradictedCount += 1
    let isOfTwoClasses = known.truth != label.truth
    if isOfTwoClasses && known.truth != .unknown {
      numbers[hash] = Label.unknown.number
      counts[known.truth, default: 0] -= 1
      counts[.unknown, default: 0] += 1
    }
    let stands = isOfTwoClasses ? "its truth counts as unknown" : "the first stands"
    let shown = String(decoding: id.prefix(64), as: UTF8.self)
    remark(
      ReplaySummary.BadLine(
        place: place, code: "contradiction", field: nil,
        message: "`\(shown)` has another label on a line before; \(stands)"))
  }

  mutating func refuse(_ line: ReplaySummary.BadLine) {
    badLineCount += 1
    remark(line)
  }

  private mutating func remark(_ line: ReplaySummary.BadLine) {
    if remarks.count < ReplaySummary.badLinesKeptMax { remarks.append(line) }
  }

  private mutating func label(for word: LabelWord) -> Label {
    switch word {
    case .honest:
      saysHonest = true
      return .honest
    case .unknown: return .unknown
    case .fraud(let kind): return .fraud(kind: index(of: kind))
    }
  }

  private mutating func index(of kind: String) -> Int {
    if let index = indexOfKind[kind] { return index }
    let isFurther = kinds.count >= Self.kindsMax
    if !isFurther || kinds.count == Self.kindsMax { kinds.append(isFurther ? Self.furtherKinds : kind) }
    let index = kinds.count - 1
    // Names beyond the limit are not kept: there may be any number of them.
    if !isFurther { indexOfKind[kind] = index }
    return index
  }
}
