/// The variables of one evaluation: a flat array of slots and what they point into.
///
/// The first slots belong to the variables in the order of the environment's slot numbers; the elements of lists
/// follow after them.
@frozen public struct Frame: Sendable {
  /// The variables by slot number, then the elements of lists.
  public var slots: [Slot]
  /// The contents of text and bytes slots.
  public var arena: [UInt8]
  /// Values that no other slot kind holds (maps, nested lists, big durations): bindings of a stand-alone evaluation.
  public var values: [Value]

  /// A frame of `slotCount` missing slots.
  public init(slotCount: Int = 0) {
    slots = Array(repeating: .missing, count: slotCount)
    arena = []
    values = []
  }

  /// Appends `text` to the arena and returns the slot that names it.
  @inlinable public mutating func store(_ text: String) -> Slot {
    let start = arena.count
    arena.append(contentsOf: text.utf8)
    return Slot(kind: .string, length: UInt32(arena.count - start), payload: UInt64(start))
  }
}
