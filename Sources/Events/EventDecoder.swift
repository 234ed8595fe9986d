public import CEL
internal import CSimdjson

/// Decodes the events of one schema from JSON. Immutable: any number of threads may decode with it at once.
///
/// The JSON is parsed and validated whole (RFC 8259, UTF-8), in one pass; only declared fields are kept. A dot in a
/// path is either nesting or part of the key: `{"user": {"id": 1}}` and `{"user.id": 1}` both give `user.id`, and both
/// at once are a duplicate, as is an object on the way to a declared field that stands twice. `null` is the same as
/// absence. Two members at the top are reserved: `dry_run`, and `content_digest`, the text by which the event is compared
/// with another delivery of it in place of the declared fields.
///
/// Each thread keeps a parser and its memory, about ten times the bytes of its events, at least 64 KiB; what an event
/// above 256 KiB took is given back with the next smaller one.
public final class EventDecoder: Sendable {
  let shape: EventShape
  private let reader: PathReader

  /// `slotCount` is the size of the frames, at least the number of the schema's fields; more are `.missing`.
  public init(schema: Schema, slotCount: Int = 0) {
    shape = EventShape(schema: schema, slotCount: slotCount)
    reader = PathReader(shape.members)
  }

  /// The schema, with the fields that it declares implicitly.
  public var schema: Schema { shape.schema }

  /// Decodes one event.
  public func decode(_ json: Span<UInt8>) throws(DecodeError) -> Event {
    try decode(json, reusing: Frame())
  }

  /// Decodes one event into the storage of `frame`, so that a caller that hands frames back allocates nothing.
  public func decode(_ json: Span<UInt8>, reusing frame: consuming Frame) throws(DecodeError) -> Event {
    let values = unsafe try reader.read(json)
    var frame = consume frame
    shape.clear(&frame, textBytes: json.count)
    unsafe try storeFields(from: values, into: &frame)
    try shape.checkMoney(frame)
    return unsafe try event(from: values, frame: consume frame)
  }

  private func storeFields(
    from values: UnsafeBufferPointer<csimdjson_value>, into frame: inout Frame
  ) throws(DecodeError) {
    unsafe try shape.plans.withUnsafeBufferPointer { plans throws(DecodeError) in
      for slot in plans.indices {
        unsafe try store(slot, as: plans[slot], from: values, into: &frame)
      }
    }
  }

  @inline(__always)
  private func store(
    _ slot: Int, as plan: FieldPlan, from values: UnsafeBufferPointer<csimdjson_value>,
    into frame: inout Frame
  ) throws(DecodeError) {
    let raw = unsafe RawValue(values[plan.member])
    if raw.isMissing {
      if plan.isRequired { throw shape.missingError(field: slot, raw: raw) }
    } else if plan.isList {
      frame.slots[slot] = unsafe try list(raw, field: slot, from: values, into: &frame)
    } else {
      do {
        frame.slots[slot] = try shape.scalar(raw, as: plan, into: &frame.arena)
      } catch {
        throw shape.error(error, field: slot, raw: raw)
      }
    }
  }

  /// Appends the elements of a list behind all other slots.
  private func list(
    _ raw: RawValue, field slot: Int, from values: UnsafeBufferPointer<csimdjson_value>,
    into frame: inout Frame
  ) throws(DecodeError) -> Slot {
    guard raw.kind == .array, raw.length <= EventLimits.listElementsMax else {
      throw shape.listError(field: slot, raw: raw)
    }
    let plan = shape.plans[slot]
    let first = Int(truncatingIfNeeded: raw.bits)
    var list = Slot(kind: .list, length: UInt32(raw.length), payload: UInt64(frame.slots.count))
    for index in 0..<raw.length {
      let element = unsafe RawValue(values[first + index])
      do {
        let stored = try shape.scalar(element, as: plan, into: &frame.arena)
        list.flags.formUnion(stored.flags)
        frame.slots.append(stored)
      } catch {
        throw shape.error(error, field: slot, raw: element, element: index)
      }
    }
    return list
  }

  private func event(
    from values: UnsafeBufferPointer<csimdjson_value>, frame: consuming Frame
  ) throws(DecodeError) -> Event {
    var frame = consume frame
    let identity = shape.identity
    let id = try shape.identifier(unsafe RawValue(values[identity.id]), .id, into: &frame.arena)
    let type = try shape.type(unsafe member(identity.type, of: values))
    let time = try shape.time(unsafe RawValue(values[identity.time]))
    let reverses = try shape.reference(
      unsafe member(identity.reverses, of: values), .reverses, into: &frame.arena)
    let amends = try shape.reference(unsafe member(identity.amends, of: values), .amends, into: &frame.arena)
    let dryRun = try shape.dryRun(unsafe RawValue(values[identity.dryRun]))
    let stated = try shape.statedDigest(unsafe RawValue(values[identity.contentDigest]), type: type)
    let digest =
      stated
      ?? shape.digest(type: type, time: time, reverses: reverses, amends: amends, frame: frame)
    return Event(
      frame: consume frame, id: id, type: type, time: time, reverses: reverses, amends: amends,
      digest: digest,
      dryRun: dryRun)
  }

  private func member(_ index: Int, of values: UnsafeBufferPointer<csimdjson_value>) -> RawValue {
    index < 0 ? RawValue(.absent) : unsafe RawValue(values[index])
  }
}
