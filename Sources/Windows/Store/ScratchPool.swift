package import CEL
internal import Events

/// Frames and buffers that were used before, so that a decision in steady state allocates none.
///
/// A caller takes them and hands them back; what is never handed back is simply made anew. Here and not with its caller,
/// so that the lock is specialised for what it guards.
package final class ScratchPool: Sendable {
  /// More decisions than this at once allocate.
  private static let countMax = 64
  /// Larger buffers than this are not kept: one huge event must not cost memory for ever. Bytes.
  private static let bytesMax = 65_536

  private struct Buffers {
    var bytes: [UInt8]
    var appends: [LogAppend]
  }

  private struct Shelf {
    var frames: [Frame] = []
    var buffers: [Buffers] = []
  }

  private let shelf = Guarded(Shelf())

  /// An empty pool.
  package init() {}

  /// A frame for an event to be decoded into.
  package func takeFrame() -> Frame { shelf.withLock { $0.frames.popLast() } ?? Frame() }

  /// What `Visit.prepare` writes into.
  package func takeBuffers() -> (bytes: [UInt8], appends: [LogAppend]) {
    guard let taken = shelf.withLock({ $0.buffers.popLast() }) else { return ([], []) }
    return (taken.bytes, taken.appends)
  }

  /// Takes back what an answered visit was made of.
  package func put(_ visit: consuming Visit) {
    guard visit.event.frame.arena.capacity <= Self.bytesMax, visit.bytes.capacity <= Self.bytesMax else {
      return
    }
    shelf.withLock { shelf in
      // Swapped rather than copied, so that nothing is counted up and down.
      if shelf.frames.count < Self.countMax {
        shelf.frames.append(Frame())
        swap(&shelf.frames[shelf.frames.count - 1], &visit.event.frame)
      }
      if shelf.buffers.count < Self.countMax {
        shelf.buffers.append(Buffers(bytes: [], appends: []))
        swap(&shelf.buffers[shelf.buffers.count - 1].bytes, &visit.bytes)
        swap(&shelf.buffers[shelf.buffers.count - 1].appends, &visit.appends)
      }
    }
  }
}
