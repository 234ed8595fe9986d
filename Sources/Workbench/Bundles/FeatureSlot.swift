internal import Assay
internal import CEL

/// A feature's slot as a bundle has it: its kind, its value and its marks.
enum FeatureSlot {
  private static let marks: [(flag: Slot.Flags, name: String)] = [
    (.saturated, "saturated"), (.warming, "warming"), (.evicted, "evicted"), (.approximate, "approximate"),
  ]

  static func write(_ name: String, _ slot: Slot, _ frame: borrowing Frame, to output: inout [UInt8]) {
    output.append(json: "{\"name\":")
    output.append(jsonString: name)
    switch slot.kind {
    case .missing: output.append(json: ",\"type\":\"missing\"")
    case .bool:
      output.append(json: ",\"type\":\"bool\",\"value\":")
      output.append(json: slot.payload != 0 ? "true" : "false")
    case .int: write("int", slot.integer, to: &output)
    case .timestamp: write("timestamp_ms", slot.integer, to: &output)
    case .duration: write("duration_ms", slot.integer, to: &output)
    case .double: write("double", slot.double.description, to: &output)
    case .string, .bytes: write(text: Array(frame.arena[slot.range]), to: &output)
    // Windows give none of these but failures.
    case .failure, .uint, .null, .list, .value: write("failure", Int64(clamping: slot.payload), to: &output)
    }
    let names = marks.filter { slot.flags.contains($0.flag) }.map { "\"\($0.name)\"" }
    if !names.isEmpty { output += ",\"marks\":[\(names.joined(separator: ","))]".utf8 }
    output.append(UInt8(ascii: "}"))
  }

  private static func write(_ type: StaticString, _ value: Int64, to output: inout [UInt8]) {
    output.append(json: ",\"type\":\"")
    output.append(json: type)
    output.append(json: "\",\"value\":")
    output.append(jsonInteger: value)
  }

  /// As text: the shortest that reads back as the same number, infinities too.
  private static func write(_ type: StaticString, _ value: String, to output: inout [UInt8]) {
    output.append(json: ",\"type\":\"")
    output.append(json: type)
    output.append(json: "\",\"value\":")
    output.append(jsonString: value)
  }

  /// A keyed hash is no text.
  private static func write(text bytes: [UInt8], to output: inout [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) { return write("string", text, to: &output) }
    write("hex", HexText.of(bytes), to: &output)
  }

  /// Nil where `json` is none.
  static func read(_ json: JSONValue) -> DecisionBundle.Feature? {
    guard let name = json["name"]?.text, let type = json["type"]?.text else { return nil }
    var slot: Slot
    var bytes: [UInt8]?
    switch (type, json["value"]) {
    case ("missing", _): slot = .missing
    case ("bool", .bool(let value)?): slot = .bool(value)
    case ("int", .number(let text)?):
      guard let value = Int64(text) else { return nil }
      slot = .int(value)
    case ("failure", .number(let text)?):
      guard let value = UInt64(text) else { return nil }
      slot = Slot(kind: .failure, payload: value)
    case ("timestamp_ms", .number(let text)?):
      guard let value = Int64(text) else { return nil }
      slot = .timestamp(milliseconds: value)
    case ("duration_ms", .number(let text)?):
      guard let value = Int64(text) else { return nil }
      slot = .duration(milliseconds: value)
    case ("double", .string(let text)?):
      guard let value = Double(text) else { return nil }
      slot = .double(value)
    case ("string", .string(let text)?):
      slot = Slot(kind: .string)
      bytes = Array(text.utf8)
    case ("hex", .string(let text)?):
      guard let found = HexText.bytes(text) else { return nil }
      slot = Slot(kind: .string)
      bytes = found
    default: return nil
    }
    for mark in json["marks"]?.array ?? [] {
      guard let known = marks.first(where: { $0.name == mark.text }) else { return nil }
      slot.flags.insert(known.flag)
    }
    return DecisionBundle.Feature(name: name, slot: slot, text: bytes)
  }
}
