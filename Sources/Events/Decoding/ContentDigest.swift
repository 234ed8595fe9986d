internal import CEL
internal import CXXHash

/// The digest of what an event says: XXH3 with 128 bits over a canonical form of it.
///
/// The form, every number in eight bytes, little endian: the hash of the type's name, the time, what the event
/// reverses and amends, then each present field that is not volatile, by path: the path's hash, the kind, the value.
/// Text is its length and its bytes, a list its length and its elements.
extension EventShape {
  func digest(type: Int, time: Int64, reverses: Slot, amends: Slot, frame: borrowing Frame) -> EventDigest {
    // No text of the arena enters twice, so this bounds the form without a pass over the fields.
    let elements = frame.slots.count - slotCount
    let bound = 16 + 2 * 16 + digestOrder.count * 24 + elements * 16 + frame.arena.count
    let hash = unsafe withUnsafeTemporaryAllocation(byteCount: bound, alignment: 8) { buffer in
      unsafe frame.slots.withUnsafeBufferPointer { slots in
        unsafe frame.arena.withUnsafeBufferPointer { arena in
          var form = unsafe CanonicalForm(buffer, slots: slots, arena: arena)
          form.append(typeHashes[type])
          form.append(UInt64(bitPattern: time))
          form.append(reverses)
          form.append(amends)
          for entry in digestOrder { form.append(field: entry) }
          return form.hash
        }
      }
    }
    return EventDigest(high: hash.high, low: hash.low)
  }
}

/// Writes into memory whose size was bounded before.
@safe private struct CanonicalForm {
  private let buffer: UnsafeMutableRawBufferPointer
  private let slots: UnsafeBufferPointer<Slot>
  private let arena: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(
    _ buffer: UnsafeMutableRawBufferPointer, slots: UnsafeBufferPointer<Slot>,
    arena: UnsafeBufferPointer<UInt8>
  ) {
    unsafe self.buffer = buffer
    unsafe self.slots = slots
    unsafe self.arena = arena
  }

  var hash: cxxhash_128_value { unsafe cxxhash_128(buffer.baseAddress, position, 0) }

  mutating func append(field entry: EventShape.DigestEntry) {
    let slot = unsafe slots[entry.slot]
    guard slot.kind != .missing else { return }
    append(entry.pathHash)
    append(slot)
  }

  mutating func append(_ slot: Slot) {
    append(UInt64(slot.kind.rawValue))
    switch slot.kind {
    case .string:
      append(UInt64(slot.length))
      let text = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(arena)[slot.range])
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...]).copyMemory(from: text)
      position += text.count
    case .list:
      append(UInt64(slot.length))
      for index in slot.range { append(unsafe slots[index]) }
    default: append(slot.payload)
    }
  }

  mutating func append(_ number: UInt64) {
    unsafe buffer.storeBytes(of: number.littleEndian, toByteOffset: position, as: UInt64.self)
    position += 8
  }
}
