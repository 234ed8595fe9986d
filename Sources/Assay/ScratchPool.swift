import CEL
import Windows

/// Frames and buffers that were used before, so that a decision in steady state allocates none.
///
/// A caller takes them and hands them back; what is never handed back is simply made anew.
final class ScratchPool: Sendable {
  /// More decisions than this at once allocate.
  private static let countMax = 64
  /// Larger buffers than this are not kept: one huge event must not cost memory for ever. Bytes.
  private static let bytesMax = 65_536

  private struct Buffers {
    var bytes: [UInt8]
    var appends: [LogAppend]
  }

  private let frames = Guarded<[Frame]>([])
  private let buffers = Guarded<[Buffers]>([])

  func takeFrame() -> Frame { frames.withLock { $0.popLast() } ?? Frame() }

  func takeBuffers() -> (bytes: [UInt8], appends: [LogAppend]) {
    guard let taken = buffers.withLock({ $0.popLast() }) else { return ([], []) }
    return (taken.bytes, taken.appends)
  }

  func put(_ visit: consuming Visit) {
    guard visit.event.frame.arena.capacity <= Self.bytesMax, visit.bytes.capacity <= Self.bytesMax else {
      return
    }
    frames.withLock { if $0.count < Self.countMax { $0.append(visit.event.frame) } }
    buffers.withLock {
      if $0.count < Self.countMax { $0.append(Buffers(bytes: visit.bytes, appends: visit.appends)) }
    }
  }
}
