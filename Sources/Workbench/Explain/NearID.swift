internal import CEL

/// What an id that was not found may have been meant to be, kept while ids go by: of however many there are, two.
struct NearID {
  private let text: String
  private let bytes: [UInt8]
  /// The one that is spelled most like it.
  private(set) var nearest: String?
  /// The first that it is a part of, and how many there are.
  private var containing: (first: String, count: Int)?
  private var first: String?

  init(to id: String) {
    text = id
    bytes = Array(id.utf8)
  }

  /// Shorter ones are part of too many.
  private static let partBytesMin = 4

  mutating func consider(_ other: ArraySlice<UInt8>) {
    if first == nil { first = String(decoding: other, as: UTF8.self) }
    compareSpelling(other)
    guard bytes.count >= Self.partBytesMin, other.count > bytes.count, holds(other) else { return }
    containing = (
      containing?.first ?? String(decoding: other, as: UTF8.self), (containing?.count ?? 0) + 1
    )
  }

  /// A hint for whoever did not find the id; `things` are what has ids there.
  func hint(among things: String) -> String? { likely ?? first.map { "ids of \(things) look like `\($0)`" } }

  /// The same where an id resembles the wanted one.
  var likely: String? {
    if let nearest { return "did you mean `\(nearest)`?" }
    if let containing {
      return containing.count == 1
        ? "did you mean `\(containing.first)`?"
        : "\(containing.count) ids begin or end with it, the first is `\(containing.first)`"
    }
    return nil
  }

  /// Whether the wanted id begins or ends another, as one without its source or its number does.
  private func holds(_ other: ArraySlice<UInt8>) -> Bool {
    other.starts(with: bytes) || other.suffix(bytes.count).elementsEqual(bytes)
  }

  /// Compares only what shares half of its letters at its ends: ids are many, and often numbered.
  private mutating func compareSpelling(_ other: ArraySlice<UInt8>) {
    guard abs(other.count - bytes.count) <= 3 else { return }
    let start = zip(other, bytes).prefix { $0 == $1 }.count
    let end = zip(other.reversed(), bytes.reversed()).prefix { $0 == $1 }.count
    guard (start + end) * 2 >= bytes.count, nearest == nil || start + end + 2 >= bytes.count else { return }
    let found = String(decoding: other, as: UTF8.self)
    nearest = DidYouMean.nearest(to: text, among: [found, nearest].compactMap { $0 }) ?? nearest
  }
}
