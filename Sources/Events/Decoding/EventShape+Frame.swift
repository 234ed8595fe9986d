internal import CEL

/// What decoding and building do to a frame alike.
extension EventShape {
  /// Empties `frame` and makes room for `textBytes`, which no event's text exceeds, while keeping its storage.
  func clear(_ frame: inout Frame, textBytes: Int) {
    if frame.slots.count > slotCount { frame.slots.removeSubrange(slotCount...) }
    unsafe frame.slots.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: .missing) }
    while frame.slots.count < slotCount { frame.slots.append(.missing) }
    frame.arena.removeAll(keepingCapacity: true)
    frame.arena.reserveCapacity(textBytes)
    if !frame.values.isEmpty { frame.values.removeAll() }
  }

  /// An amount needs its currency; a currency needs at least one of the amounts that name it.
  func checkMoney(_ frame: borrowing Frame) throws(DecodeError) {
    for pair in money {
      let hasAmount = frame.slots[pair.amount].kind != .missing
      let hasCurrency = frame.slots[pair.currency].kind != .missing
      if hasAmount == hasCurrency { continue }
      if hasAmount { throw lonelyError(missing: pair.currency, present: pair.amount) }
      var needed = false
      for other in money where other.currency == pair.currency {
        needed = needed || frame.slots[other.amount].kind != .missing
      }
      if !needed { throw lonelyError(missing: pair.amount, present: pair.currency) }
    }
  }

  /// The type of events that carry none.
  func onlyType() throws(DecodeError) -> Int {
    if let fixedType { return fixedType }
    throw DecodeError(code: .unknownType, message: "the schema declares no type for its events")
  }
}
