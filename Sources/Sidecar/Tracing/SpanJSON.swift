internal import Assay

/// Spans as OTLP/HTTP carries them in JSON: `ExportTraceServiceRequest`, ids in hexadecimal, 64-bit numbers as text.
enum SpanJSON {
  static func request(_ spans: [DecisionSpan]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(256 + spans.count * 640)
    output.append(json: "{\"resourceSpans\":[{\"resource\":{\"attributes\":[")
    write("service.name", .text("assay"), to: &output)
    output.append(UInt8(ascii: ","))
    write("service.version", .text(SidecarVersion.text), to: &output)
    output.append(json: "]},\"scopeSpans\":[{\"scope\":{\"name\":\"assay\",\"version\":")
    output.append(jsonString: SidecarVersion.text)
    output.append(json: "},\"spans\":[")
    for (index, span) in spans.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      write(span, to: &output)
    }
    output.append(json: "]}]}]}")
    return output
  }

  private static func write(_ span: DecisionSpan, to output: inout [UInt8]) {
    output.append(json: "{\"traceId\":")
    output.append(jsonString: span.context.traceID)
    output.append(json: ",\"spanId\":")
    output.append(jsonString: span.spanID)
    if let parent = span.context.parentID {
      output.append(json: ",\"parentSpanId\":")
      output.append(jsonString: parent)
    }
    // 2 is a server's span.
    output.append(json: ",\"name\":\"decide\",\"kind\":2,\"startTimeUnixNano\":")
    output.append(jsonString: String(span.start))
    output.append(json: ",\"endTimeUnixNano\":")
    output.append(jsonString: String(span.end))
    output.append(json: ",\"attributes\":[")
    for (index, attribute) in span.attributes.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      write(attribute.name, attribute.value, to: &output)
    }
    if let failure = span.failure {
      output.append(json: "],\"status\":{\"code\":2,\"message\":")
      output.append(jsonString: failure)
      output.append(json: "}}")
    } else {
      output.append(json: "],\"status\":{}}")
    }
  }

  private static func write(_ name: String, _ value: DecisionSpan.Value, to output: inout [UInt8]) {
    output.append(json: "{\"key\":")
    output.append(jsonString: name)
    output.append(json: ",\"value\":")
    write(value, to: &output)
    output.append(UInt8(ascii: "}"))
  }

  private static func write(_ value: DecisionSpan.Value, to output: inout [UInt8]) {
    switch value {
    case .text(let text):
      output.append(json: "{\"stringValue\":")
      output.append(jsonString: text)
    case .integer(let number):
      output.append(json: "{\"intValue\":")
      output.append(jsonString: String(number))
    case .bool(let bool): output.append(json: bool ? "{\"boolValue\":true" : "{\"boolValue\":false")
    case .texts(let texts):
      output.append(json: "{\"arrayValue\":{\"values\":[")
      for (index, text) in texts.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        write(.text(text), to: &output)
      }
      output.append(json: "]}")
    }
    output.append(UInt8(ascii: "}"))
  }
}
