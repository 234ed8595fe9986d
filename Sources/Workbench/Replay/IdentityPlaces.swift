/// The lines on which the ids of a replay were first seen, as far back as bounded memory goes.
///
/// Two generations of at most `generationMax` ids each: when the newer one is full, the older one is dropped. So the
/// last `generationMax` ids at least are known, and at most twice as many take memory, whatever their length: an id
/// is kept as its hash. Two ids with one hash of 64 bits would show the line of the wrong one, nothing worse.
struct IdentityPlaces {
  /// Ids of one generation: some 6 MB when both are full.
  static let generationMax = 65_536

  private struct Place {
    let file: UInt32
    let line: Int
  }

  private var files: [String] = []
  private var current = 0
  private var newer: [Int: Place] = [:]
  private var older: [Int: Place] = [:]

  /// Makes `name` the file of the lines to come.
  mutating func open(_ name: String) {
    current = files.firstIndex(of: name) ?? files.count
    if current == files.count { files.append(name) }
  }

  /// Notes that `id` was claimed on `line` of the current file.
  mutating func note(_ id: String, line: Int) {
    if newer.count >= Self.generationMax {
      swap(&newer, &older)
      newer.removeAll(keepingCapacity: true)
    }
    newer[id.hashValue] = Place(file: UInt32(truncatingIfNeeded: current), line: line)
  }

  /// Where `id` was claimed, or nil where that is forgotten.
  func first(_ id: String) -> ReplaySummary.LinePlace? {
    let hash = id.hashValue
    guard let place = newer[hash] ?? older[hash], files.indices.contains(Int(place.file)) else { return nil }
    return ReplaySummary.LinePlace(file: files[Int(place.file)], number: place.line)
  }
}
