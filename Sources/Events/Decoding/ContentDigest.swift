internal import CEL
internal import CXXHash

/// The digest of what an event says: XXH3 with 128 bits over a canonical form of it.
///
/// The form, every number in eight bytes, little endian: the hash of the type's name, the time, what the event
/// reverses and amends, then each present field that is not volatile, by path: the path's hash, the kind, the value.
/// Text is its length and its bytes, a list its length and its elements.
///
/// An event may state its content instead, in the reserved member `content_digest`: what was made of a message that comes
/// again has another arrival, and perhaps other particulars, and is the same event all the same. The form is then the
/// hash of the type's name, the hash of the member's, the text's length and its bytes.
extension EventShape {
  static let contentDigestMember = "content_digest"
  private static let statedMark = hash(Array(contentDigestMember.utf8))

  /// The digest of an event that states its content.
  func digest(type: Int, stated text: Span<UInt8>) -> EventDigest {
    let hash = unsafe withUnsafeTemporaryAllocation(byteCount: 24 + text.count, alignment: 8) { buffer in
      var form = unsafe CanonicalForm(buffer)
      form.append(typeHashes[type], Self.statedMark)
      form.append(UInt64(text.count))
      form.append(text)
      return form.hash
    }
    return EventDigest(high: hash.high, low: hash.low)
  }

  func digest(type: Int, time: Int64, reverses: Slot, amends: Slot, frame: borrowing Frame) -> EventDigest {
    // No text of the arena enters twice, so this bounds the form without a pass over the fields.
    let elements = frame.slots.count - slotCount
    let bound = 16 + 2 * 16 + digestOrder.count * 24 + elements * 16 + frame.arena.count
    let (slots, arena) = (frame.slots.span, frame.arena.span)
    let hash = unsafe withUnsafeTemporaryAllocation(byteCount: bound, alignment: 8) { buffer in
      var form = unsafe CanonicalForm(buffer)
      form.append(typeHashes[type], UInt64(bitPattern: time))
      form.append(reverses, slots, arena)
      form.append(amends, slots, arena)
      let order = digestOrder
      for index in order.indices where slots[order[index].slot].kind != .missing {
        form.append(order[index].pathHash)
        form.append(slots[order[index].slot], slots, arena)
      }
      return form.hash
    }
    return EventDigest(high: hash.high, low: hash.low)
  }
}

/// Writes into memory whose size was bounded before.
@safe private struct CanonicalForm {
  private let buffer: UnsafeMutableRawBufferPointer
  private var position = 0

  init(_ buffer: UnsafeMutableRawBufferPointer) { unsafe self.buffer = buffer }

  var hash: cxxhash_128_value { unsafe cxxhash_128(buffer.baseAddress, position, 0) }

  @inline(__always)
  mutating func append(_ slot: Slot, _ slots: Span<Slot>, _ arena: Span<UInt8>) {
    switch slot.kind {
    case .string:
      append(UInt64(slot.kind.rawValue), UInt64(slot.length))
      append(arena.extracting(slot.range))
    case .list: append(list: slot, slots, arena)
    default: append(UInt64(slot.kind.rawValue), slot.payload)
    }
  }

  /// The elements of a list are no lists themselves.
  private mutating func append(list: Slot, _ slots: Span<Slot>, _ arena: Span<UInt8>) {
    append(UInt64(list.kind.rawValue), UInt64(list.length))
    for index in list.range {
      let element = slots[index]
      guard element.kind == .string else {
        append(UInt64(element.kind.rawValue), element.payload)
        continue
      }
      append(UInt64(element.kind.rawValue), UInt64(element.length))
      append(arena.extracting(element.range))
    }
  }

  @inline(__always)
  mutating func append(_ text: Span<UInt8>) {
    unsafe text.withUnsafeBytes {
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...]).copyMemory(from: $0)
    }
    position += text.count
  }

  @inline(__always)
  mutating func append(_ number: UInt64) {
    unsafe buffer.storeBytes(of: number.littleEndian, toByteOffset: position, as: UInt64.self)
    position += 8
  }

  @inline(__always)
  mutating func append(_ first: UInt64, _ second: UInt64) {
    append(first)
    append(second)
  }
}
