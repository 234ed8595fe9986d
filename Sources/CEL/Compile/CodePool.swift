/// The constants and leaves of the flat programs that are made together; each stands there once.
final class CodePool {
  private(set) var texts: [UInt8] = []
  private(set) var fewTexts: [ShortText] = []
  private(set) var numbers: [Int64] = []
  private(set) var sets: [ValueSet] = []
  private(set) var patterns: [any RegularExpression] = []
  private(set) var plans: [Plan] = []
  private(set) var leaves: [[Instruction]] = []
  /// By leaf: how many conditions ask it.
  private(set) var uses: [Int] = []

  private var textPlaces: [TextKey: UInt32] = [:]
  private var textListPlaces: [[TextKey]: UInt32] = [:]
  private var numberListPlaces: [[Int64]: UInt32] = [:]
  private var setNumbers: [ObjectIdentifier: UInt32] = [:]
  private var leafNumbers: [[Instruction]: Int] = [:]

  /// Text of at most eight bytes, which its key and length tell from every other.
  struct ShortText: BitwiseCopyable, Sendable {
    var key: UInt64
    var length: UInt32
  }

  // Positions are 32 bits wide.
  private static let tableMax = 1 << 30

  /// Where the text lies among the texts; nil when there is no room.
  func place(of text: String) -> UInt32? {
    let key = TextKey(text: text)
    if let place = textPlaces[key] { return place }
    guard texts.count + text.utf8.count <= CodePool.tableMax else { return nil }
    let place = UInt32(texts.count)
    texts.append(contentsOf: text.utf8)
    textPlaces[key] = place
    return place
  }

  /// Where short texts stand side by side.
  func place(of members: [String]) -> UInt32? {
    let keys = members.map { TextKey(text: $0) }
    if let place = textListPlaces[keys] { return place }
    guard fewTexts.count + members.count <= CodePool.tableMax else { return nil }
    let place = UInt32(fewTexts.count)
    for member in members {
      fewTexts.append(ShortText(key: ShortText.key(of: member), length: UInt32(member.utf8.count)))
    }
    textListPlaces[keys] = place
    return place
  }

  /// Where numbers stand side by side.
  func place(of members: [Int64]) -> UInt32? {
    if let place = numberListPlaces[members] { return place }
    guard numbers.count + members.count <= CodePool.tableMax else { return nil }
    let place = UInt32(numbers.count)
    numbers += members
    numberListPlaces[members] = place
    return place
  }

  func number(of set: ValueSet) -> UInt32 {
    if let number = setNumbers[ObjectIdentifier(set)] { return number }
    sets.append(set)
    setNumbers[ObjectIdentifier(set)] = UInt32(sets.count - 1)
    return UInt32(sets.count - 1)
  }

  func number(of pattern: any RegularExpression) -> UInt32 {
    patterns.append(pattern)
    return UInt32(patterns.count - 1)
  }

  /// The plan that asks of this condition go to.
  func add(_ plan: Plan) -> UInt32 {
    plans.append(plan)
    return UInt32(plans.count - 1)
  }

  /// The leaf of these steps, the one that is there already if it is.
  func leaf(_ steps: [Instruction]) -> Int {
    if let leaf = leafNumbers[steps] {
      uses[leaf] += 1
      return leaf
    }
    leaves.append(steps)
    uses.append(1)
    leafNumbers[steps] = leaves.count - 1
    return leaves.count - 1
  }
}

extension CodePool.ShortText {
  /// Of text up to eight bytes all of it, of longer text the first eight; with the length it tells short texts apart.
  @inline(__always)
  static func key(_ text: UnsafeRawPointer, _ count: Int) -> UInt64 {
    if count >= 8 { return text.loadUnaligned(as: UInt64.self) }
    if count >= 4 {
      // Two loads that overlap: never a byte behind the text.
      let low = text.loadUnaligned(as: UInt32.self)
      let high = text.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      return UInt64(low) | UInt64(high) << 32
    }
    guard count > 0 else { return 0 }
    let first = text.load(as: UInt8.self)
    let middle = text.load(fromByteOffset: count >> 1, as: UInt8.self)
    let last = text.load(fromByteOffset: count - 1, as: UInt8.self)
    return UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16
  }

  static func key(of text: String) -> UInt64 {
    let bytes = text.utf8Span.span
    return bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      return key(base, buffer.count)
    }
  }
}
