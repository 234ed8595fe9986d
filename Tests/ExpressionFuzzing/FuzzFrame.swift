internal import CEL

/// Values of variables, made of the bytes of an input: a byte says what a value is, those after it are its contents. Where
/// they end, variables are missing.
struct FuzzFrame {
  static let textBytesMax = 64
  static let elementsMax = 16

  private static let types: [(name: String, type: CELType)] = [
    ("b", .bool), ("i", .int), ("j", .int), ("u", .uint), ("d", .double), ("s", .string), ("t", .string),
    ("y", .bytes), ("m", .timestamp), ("p", .duration), ("l", .list(.int)), ("q", .list(.string)),
    ("o", .enumeration(["android", "ios"])), ("h", .map(.string, .int)), ("z", .dyn), ("user.id", .string),
  ]

  static let variables = types.enumerated().map { slot, variable in
    Environment.Variable(name: variable.name, type: variable.type, slot: slot)
  }

  private var bytes: ArraySlice<UInt8>
  /// Values are of the types and sizes that are declared.
  private let keepsTypes: Bool

  init(_ bytes: some Collection<UInt8>, keepsTypes: Bool) {
    self.bytes = ArraySlice(bytes)
    self.keepsTypes = keepsTypes
  }

  mutating func make() -> Frame {
    var frame = Frame(slotCount: Self.variables.count)
    for variable in Self.variables {
      guard let kind = bytes.popFirst() else { break }
      if kind % 16 == 0 { continue }
      if kind % 16 == 1 {
        frame.slots[variable.slot] = Slot(kind: .failure)
        continue
      }
      let type = keepsTypes || kind % 16 > 3 ? variable.type : Self.variables[Int(kind >> 4)].type
      if let value = value(of: type) { frame.slots[variable.slot] = frame.store(value) }
    }
    return frame
  }

  private mutating func value(of type: CELType) -> Value? {
    switch type {
    case .bool: return .bool(byte() % 2 == 1)
    case .int: return .int(number())
    case .uint: return .uint(UInt64(bitPattern: number()))
    case .double: return .double(double())
    case .string, .enumeration: return .string(text())
    case .bytes: return .bytes(contents())
    case .timestamp: return Timestamp(milliseconds: number() % 253_402_300_800_000).map { .timestamp($0) }
    case .duration: return .duration(.milliseconds(number() % 315_576_000_000_000))
    case .list(let element): return .list((0..<count()).map { _ in value(of: element) ?? .null })
    case .map:
      return .map(MapValue(entries: (0..<count()).map { (.string("k\($0)"), .int(number())) }))
    default: return keepsTypes ? nil : .map(MapValue(entries: [(.string("a"), .list([.int(number())]))]))
    }
  }

  private mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }
  private mutating func count() -> Int { Int(byte()) % (Self.elementsMax + 1) }

  private mutating func number() -> Int64 {
    switch byte() % 8 {
    case 0: .min
    case 1: .max
    case 2: Int64(byte())
    case 3: -Int64(byte())
    case 4: Int64(byte()) << 46
    default: Int64(byte() % 4)
    }
  }

  private mutating func double() -> Double {
    switch byte() % 8 {
    case 0: .nan
    case 1: .infinity
    case 2: -0.0
    case 3: 0x1p63
    case 4: Double(number())
    default: Double(byte()) / 4
    }
  }

  private mutating func contents() -> [UInt8] {
    (0..<Int(byte()) % (Self.textBytesMax + 1)).map { _ in byte() }
  }

  /// Bytes that are no UTF-8 are replaced, each by three at most.
  private mutating func text() -> String {
    var text = String(decoding: contents(), as: UTF8.self)
    while text.utf8.count > Self.textBytesMax { text.unicodeScalars.removeLast() }
    return text
  }
}
