/// The bytes of a file, plain or gzip: which of them is told by the first two bytes, never by the name.
///
/// A gzip file may have several members, as `cat a.gz b.gz` makes them, and zeros between them. Memory is constant:
/// one chunk of the file and zlib's window.
package struct GzipReader: ~Copyable {
  private static let chunkBytes = 65_536
  private static let magic: [UInt8] = [0x1F, 0x8B]

  private let file: InputFile
  /// Nil while the file is plain.
  private var inflater: Inflater?
  /// What was read of the file, and the part of it that was not used yet.
  private var chunk: [UInt8]
  private var unused: Range<Int> = 0..<0
  private var hasLooked = false
  /// Within a gzip member, where the file must not end.
  private var isInsideMember = false
  /// A failure behind bytes that were given out first.
  private var failure: InputError?
  /// Bytes of the file, as it is stored, that were used.
  package private(set) var offset = 0

  /// Opens `path`; `-` is standard input.
  package init(opening path: String) throws(InputError) {
    file = try InputFile(opening: path)
    chunk = Array(repeating: 0, count: Self.chunkBytes)
  }

  /// How the file is called in messages.
  package var name: String { file.name }

  /// The size of the file as it is stored; nil for pipes and terminals.
  package var size: Int? { file.size }

  /// Writes the next bytes into `buffer` from `start` on and returns how many; 0 at the end.
  package mutating func read(into buffer: inout [UInt8], from start: Int) throws(InputError) -> Int {
    if let failure { throw failure }
    guard start < buffer.count else { return 0 }
    if !hasLooked { try look() }
    if inflater == nil { return try copy(into: &buffer, from: start) }
    do {
      return try inflate(into: &buffer, from: start)
    } catch {
      failure = error
      throw error
    }
  }

  /// Reads the first bytes and decides what the file is; a pipe may give them one by one.
  private mutating func look() throws(InputError) {
    hasLooked = true
    var head: [UInt8] = []
    while head.count < Self.magic.count {
      let count = try file.read(into: &chunk)
      if count == 0 { break }
      head += chunk[..<count]
    }
    if head.count > chunk.count { chunk = head } else { chunk.replaceSubrange(..<head.count, with: head) }
    unused = 0..<head.count
    guard head.starts(with: Self.magic) else { return }
    guard let inflater = Inflater() else { throw fail(.outOfMemory, "no memory to read gzip") }
    self.inflater = consume inflater
  }

  /// Refills the chunk when it is used up; false at the end of the file.
  private mutating func fill() throws(InputError) -> Bool {
    guard unused.isEmpty else { return true }
    unused = 0..<(try file.read(into: &chunk))
    return !unused.isEmpty
  }

  private mutating func use(_ count: Int) {
    unused = unused.lowerBound + count..<unused.upperBound
    offset += count
  }

  private mutating func copy(into buffer: inout [UInt8], from start: Int) throws(InputError) -> Int {
    guard try fill() else { return 0 }
    let count = min(unused.count, buffer.count - start)
    let taken = unused.lowerBound..<unused.lowerBound + count
    buffer.replaceSubrange(start..<start + count, with: chunk[taken])
    use(count)
    return count
  }

  private mutating func inflate(into buffer: inout [UInt8], from start: Int) throws(InputError) -> Int {
    while true {
      guard try fill() else {
        if isInsideMember { throw fail(.truncated, "the gzip data is cut off") }
        return 0
      }
      if !isInsideMember {
        skipZeros()
        if unused.isEmpty { continue }
        isInsideMember = true
      }
      let step = inflater?.step(chunk[unused], into: &buffer, from: start) ?? (.outOfMemory, 0, 0)
      use(step.consumed)
      switch step.outcome {
      case .progress: break
      case .memberEnd:
        isInsideMember = false
        if inflater?.reset() != true { failure = fail(.outOfMemory, "no memory to read gzip") }
      case .corrupt(let reason): failure = fail(.corrupt, "the gzip data is damaged (\(reason))")
      case .outOfMemory: failure = fail(.outOfMemory, "no memory to read gzip")
      }
      if step.produced > 0 { return step.produced }
      if let failure { throw failure }
    }
  }

  /// Zeros may pad the end of a member, as tapes leave them.
  private mutating func skipZeros() {
    while let first = unused.first, offset > 0, chunk[first] == 0 { use(1) }
  }

  private func fail(_ code: InputError.Code, _ message: String) -> InputError {
    InputError(code: code, path: file.name, offset: offset, message: message)
  }
}
