public import CEL

/// Makes events from typed values, without JSON: the same event, digest included, as the same content in JSON gives.
///
///     var builder = EventBuilder(decoder)
///     try builder.set("user.id", "p-17")
///     try builder.set("payout.amount", 1250)
///     try builder.set("payout.currency", "EUR")
///     let event = try builder.build(id: "e-1", type: "payout.requested", time: now)
///
/// A builder keeps what was set, so that it can build several events that differ in little.
public struct EventBuilder: Sendable {
  private let shape: EventShape
  private var frame = Frame()
  /// The size of the storage at which what was replaced or removed is let go of.
  private var compactAt = 4_096

  /// Shares the schema that `decoder` has compiled.
  public init(_ decoder: EventDecoder) { self.init(shape: decoder.shape) }

  /// Compiles `schema`; `slotCount` is the size of the frames, at least the number of the schema's fields.
  public init(schema: Schema, slotCount: Int = 0) {
    self.init(shape: EventShape(schema: schema, slotCount: slotCount))
  }

  private init(shape: EventShape) {
    self.shape = shape
    shape.clear(&frame, textBytes: 0)
  }

  /// Sets the field that the schema declares at `path`, in place of what it had.
  ///
  /// The amount of a money field is in minor units. A field that arrives as text in JSON (`as: string`) takes the
  /// number too.
  public mutating func set(_ path: String, _ value: FieldValue) throws(DecodeError) {
    guard let slot = shape.schema.slot(of: path) else {
      let nearest = DidYouMean.nearest(to: path, among: shape.schema.fields.map(\.path))
      let hint = nearest.map { ", did you mean `\($0)`?" } ?? ""
      throw DecodeError(code: .unknownField, field: path, message: "`\(path)` is not a declared field\(hint)")
    }
    if frame.arena.count + frame.slots.count > compactAt { compact() }
    let plan = shape.plans[slot]
    guard plan.isList else {
      frame.slots[slot] = try scalar(value, field: slot)
      for other in networks(of: path) { frame.slots[other] = try scalar(value, field: other) }
      return
    }
    guard case .list(let elements) = value, elements.count <= EventLimits.listElementsMax else {
      throw shape.listError(field: slot, raw: value.raw)
    }
    var stored: [Slot] = []
    for (index, element) in elements.enumerated() {
      stored.append(try scalar(element, field: slot, element: index))
    }
    frame.slots[slot] = Slot(
      kind: .list, flags: stored.reduce(into: []) { $0.formUnion($1.flags) }, length: UInt32(stored.count),
      payload: UInt64(frame.slots.count))
    frame.slots.append(contentsOf: stored)
  }

  /// Takes the value of the field at `path` away.
  public mutating func remove(_ path: String) {
    if let slot = shape.schema.slot(of: path) { frame.slots[slot] = .missing }
    for other in networks(of: path) { frame.slots[other] = .missing }
  }

  /// The slots of the networks that the address at `path` is in.
  private func networks(of path: String) -> [Int] {
    shape.schema.fields.indices.filter { shape.schema.fields[$0].network?.source == path }
  }

  /// The event with the fields that were set. `type` may be left out where the schema gives all events one.
  public func build(
    id: String, type: String? = nil, time: Timestamp, reverses: String? = nil, amends: String? = nil,
    dryRun: Bool = false, contentDigest: String? = nil
  ) throws(DecodeError) -> Event {
    try build(
      id: id, type: type, milliseconds: time.milliseconds, reverses: reverses, amends: amends,
      dryRun: dryRun, contentDigest: contentDigest)
  }

  /// The event with the fields that were set; the time is in milliseconds since 1970. `contentDigest` is the text by
  /// which two deliveries of it are compared, in place of its fields.
  public func build(
    id: String, type: String? = nil, milliseconds: Int64, reverses: String? = nil, amends: String? = nil,
    dryRun: Bool = false, contentDigest: String? = nil
  ) throws(DecodeError) -> Event {
    var frame = frame
    for (slot, plan) in shape.plans.enumerated() where plan.isRequired && frame.slots[slot].kind == .missing {
      throw shape.missingError(field: slot, raw: RawValue(.absent))
    }
    try shape.checkMoney(frame)
    let id = try identifier(id, .id, into: &frame.arena)
    let type = try index(ofType: type)
    let time = try shape.time(RawValue(.timestamp, bits: UInt64(bitPattern: milliseconds)))
    var others = (reverses: Slot.missing, amends: Slot.missing)
    if let reverses {
      others.reverses = try identifier(reverses, .reverses, into: &frame.arena)
    }
    if let amends {
      others.amends = try identifier(amends, .amends, into: &frame.arena)
    }
    let digest =
      try contentDigest.flatMap { text throws(DecodeError) in try statedDigest(text, type: type) }
      ?? shape.digest(
        type: type, time: time, reverses: others.reverses, amends: others.amends, frame: frame)
    return Event(
      frame: frame, id: id, type: type, time: time, reverses: others.reverses, amends: others.amends,
      digest: digest, dryRun: dryRun)
  }

  /// Copies what is set into fresh storage: a builder may be used for any number of events.
  private mutating func compact() {
    let old = frame
    shape.clear(&frame, textBytes: 0)
    func move(_ slot: Slot, into frame: inout Frame) -> Slot {
      guard slot.kind == .string else { return slot }
      var moved = slot
      moved.payload = UInt64(frame.arena.count)
      frame.arena.append(contentsOf: old.arena[slot.range])
      return moved
    }
    for index in shape.plans.indices {
      var slot = old.slots[index]
      if slot.kind == .list {
        let elements = slot.range
        slot.payload = UInt64(frame.slots.count)
        for element in elements { frame.slots.append(move(old.slots[element], into: &frame)) }
      }
      frame.slots[index] = move(slot, into: &frame)
    }
    compactAt = max(4_096, 2 * (frame.arena.count + frame.slots.count))
  }

  private mutating func scalar(
    _ value: FieldValue, field slot: Int, element: Int? = nil
  ) throws(DecodeError) -> Slot {
    var plan = shape.plans[slot]
    guard case .string(let text) = value else {
      plan.isNumberAsText = false
      return try store(value.raw, field: slot, as: plan, element: element)
    }
    let bytes = Array(text.utf8)
    return unsafe try bytes.withUnsafeBufferPointer { buffer throws(DecodeError) in
      unsafe try store(RawValue(text: buffer), field: slot, as: plan, element: element)
    }
  }

  private mutating func store(
    _ raw: RawValue, field slot: Int, as plan: FieldPlan, element: Int?
  ) throws(DecodeError) -> Slot {
    do {
      return try shape.scalar(raw, as: plan, into: &frame.arena)
    } catch {
      throw shape.error(error, field: slot, raw: raw, element: element)
    }
  }

  private func identifier(
    _ text: String, _ role: IdentifierRole, into arena: inout [UInt8]
  ) throws(DecodeError) -> Slot {
    let bytes = Array(text.utf8)
    return unsafe try bytes.withUnsafeBufferPointer { buffer throws(DecodeError) in
      unsafe try shape.identifier(RawValue(text: buffer), role, into: &arena)
    }
  }

  private func statedDigest(_ text: String, type: Int) throws(DecodeError) -> EventDigest? {
    let bytes = Array(text.utf8)
    return unsafe try bytes.withUnsafeBufferPointer { buffer throws(DecodeError) in
      unsafe try shape.statedDigest(RawValue(text: buffer), type: type)
    }
  }

  private func index(ofType name: String?) throws(DecodeError) -> Int {
    let place: String
    switch shape.schema.identity.type {
    case .always(let only):
      if name == nil || name == only { return try shape.onlyType() }
      place = "type"
    case .field(let path):
      if let name, let type = shape.schema.types.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) {
        return type
      }
      place = path
    }
    guard let name else { throw .missing(place, place: place, raw: RawValue(.absent)) }
    throw shape.unknownType(name, place: place)
  }
}

extension FieldValue {
  /// As the JSON would give it, without text.
  fileprivate var raw: RawValue {
    switch self {
    case .string(let text): RawValue(.text, length: text.utf8.count)
    case .int(let number): RawValue(.int, bits: UInt64(bitPattern: number))
    case .double(let number):
      number.isFinite ? RawValue(.double, bits: number.bitPattern) : RawValue(.beyond)
    case .bool(let value): RawValue(.bool, bits: value ? 1 : 0)
    case .timestamp(let time): RawValue(.timestamp, bits: UInt64(bitPattern: time.milliseconds))
    case .list(let elements): RawValue(.array, length: elements.count)
    }
  }
}
