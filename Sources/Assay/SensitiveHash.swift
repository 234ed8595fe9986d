import CEL
import Crypto

/// The keyed hash that stands for a sensitive value in entity keys and records: the first 16 bytes of HMAC-SHA256.
///
/// Without the key nobody who reads a log can test a guess, such as a mail address; 128 bits keep different values
/// apart.
struct SensitiveHash: Sendable {
  private static let bytes = 16
  private let key: SymmetricKey

  init(_ options: EngineOptions) {
    switch (options.hashingKey, options.clock) {
    case (let key?, _): self.key = SymmetricKey(data: key)
    case (nil, .live): self.key = SymmetricKey(size: .bits256)
    case (nil, .replay): self.key = SymmetricKey(data: Array("assay replay key".utf8))
    }
  }

  /// Appends the hash of the text in `slot` to the frame, as bytes; a missing value has a missing hash.
  func store(_ slot: Slot, in frame: inout Frame) -> Slot {
    guard slot.kind == .string else { return .missing }
    var code = HMAC<SHA256>(key: key)
    code.update(data: frame.arena[slot.range])
    let start = frame.arena.count
    frame.arena.append(contentsOf: code.finalize().prefix(Self.bytes))
    return Slot(kind: .bytes, length: UInt32(Self.bytes), payload: UInt64(start))
  }
}
