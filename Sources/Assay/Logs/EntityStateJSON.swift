internal import CEL
internal import Windows

extension EntityState {
  /// The log and the windows as one JSON object; values are written as decisions write them.
  ///
  /// - Parameter showsRecords: each record too, not only how many there are.
  package func json(showsRecords: Bool = true) -> [UInt8] {
    var output: [UInt8] = []
    output.append(json: "{\"entity\":")
    address.write(to: &output)
    output.append(json: ",\"at\":")
    output.append(jsonString: Self.moment(time))
    output.append(json: ",\"bytes\":")
    output.append(jsonInteger: Int64(log?.byteCount ?? 0))
    output.append(json: ",\"retention_ms\":")
    output.append(jsonInteger: retention)
    output.append(json: ",\"expires_in_ms\":")
    output.append(jsonInteger: log?.expiresIn)
    output.append(json: ",\"record_count\":")
    output.append(jsonInteger: Int64(log?.records.count ?? 0))
    if showsRecords {
      output.append(json: ",\"later\":")
      output.append(jsonInteger: Int64(log?.laterCount ?? 0))
      output.append(json: ",\"records\":")
      output.append(jsonList: log?.records ?? []) { $1.write(to: &$0) }
    }
    output.append(json: ",\"features\":")
    output.append(jsonList: log?.features ?? []) { $1.write(to: &$0) }
    output.append(json: "}\n")
    return output
  }

  /// A moment as reports show it.
  package static func moment(_ time: Int64) -> String {
    Timestamp(milliseconds: time)?.rfc3339() ?? "out of range"
  }
}

extension EntityAddress {
  /// The key's fields and values; sensitive ones masked.
  fileprivate func write(to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    for (index, part) in parts.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(jsonString: part.path)
      output.append(UInt8(ascii: ":"))
      output.append(jsonString: part.masked)
    }
    output.append(UInt8(ascii: "}"))
  }
}

extension EntityState.Record {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: "{\"record\":")
    output.append(jsonString: record.kind.rawValue)
    output.append(json: ",\"time\":")
    if record.time == .min {
      output.append(json: "null")
    } else {
      output.append(jsonString: EntityState.moment(record.time))
    }
    if record.kind == .event {
      writeEvent(to: &output)
    } else if !record.target.isEmpty {
      output.append(json: ",\"event\":")
      output.append(jsonString: LogNames.text(record.target))
    }
    output.append(UInt8(ascii: "}"))
  }

  private func writeEvent(to output: inout [UInt8]) {
    output.append(json: ",\"type\":")
    output.append(jsonString: type)
    output.append(json: ",\"id\":")
    output.append(jsonString: LogNames.text(record.id))
    if record.reverses {
      output.append(json: ",\"reverses\":")
      output.append(jsonString: LogNames.text(record.target))
    }
    if record.amends {
      output.append(json: ",\"amends\":")
      output.append(jsonString: LogNames.text(record.target))
    }
    output.append(json: ",\"marks\":")
    output.append(jsonList: marks) { $0.append(jsonString: $1) }
    output.append(json: ",\"columns\":{")
    for (index, column) in columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(jsonString: column.name)
      output.append(UInt8(ascii: ":"))
      column.write(to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }
}

extension EntityState.Column {
  fileprivate func write(to output: inout [UInt8]) {
    if isHashed, case .text(let digits) = value { return output.append(jsonString: "hash:" + digits) }
    value.write(to: &output)
  }
}

extension EntityState.Feature {
  fileprivate func write(to output: inout [UInt8]) {
    output.append(json: "{\"name\":")
    output.append(jsonString: name)
    output.append(json: ",\"window\":{\"over_ms\":")
    output.append(jsonInteger: window.milliseconds)
    if let last = window.last {
      output.append(json: ",\"last\":")
      output.append(jsonInteger: Int64(last))
    }
    if window.delayMilliseconds > 0 {
      output.append(json: ",\"delay_ms\":")
      output.append(jsonInteger: window.delayMilliseconds)
    }
    output.append(json: "},\"value\":")
    value.write(to: &output)
    if let currency {
      output.append(json: ",\"currency\":")
      output.append(jsonString: currency)
    }
    output.append(json: ",\"flags\":")
    output.append(jsonList: flags) { $0.append(jsonString: $1) }
    output.append(UInt8(ascii: "}"))
  }
}

extension [UInt8] {
  /// A JSON integer, or null.
  fileprivate mutating func append(jsonInteger value: Int64?) {
    if let value { append(jsonInteger: value) } else { append(json: "null") }
  }
}
