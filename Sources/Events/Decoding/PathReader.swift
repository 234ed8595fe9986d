internal import CSimdjson

/// Owns the compiled paths of a schema and reads JSON with them.
@safe final class PathReader: Sendable {
  // Written once; reading with it from many threads is what it is made for.
  private nonisolated(unsafe) let paths: OpaquePointer?

  init(_ members: [EventShape.Member]) {
    var bytes: [UInt8] = []
    for member in members { bytes.append(contentsOf: member.path.utf8) }
    var start = 0
    unsafe paths = bytes.withUnsafeBytes { buffer in
      var paths = unsafe [csimdjson_path]()
      for member in members {
        let count = member.path.utf8.count
        // The address of a byte that is never read stands for the empty path of an empty buffer.
        let text = unsafe buffer.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        let place = unsafe (text + start).assumingMemoryBound(to: CChar.self)
        unsafe paths.append(csimdjson_path(text: place, length: count, list: member.isList))
        start += count
      }
      return unsafe csimdjson_paths_create(paths, paths.count)
    }
  }

  deinit { unsafe csimdjson_paths_destroy(paths) }

  /// Parses `json`; what the result points to lives until this thread parses again.
  func read(_ json: Span<UInt8>) throws(DecodeError) -> UnsafeBufferPointer<csimdjson_value> {
    guard json.count <= EventLimits.bytesMax else {
      throw DecodeError(
        code: .tooLarge,
        message: "the event has \(json.count) bytes, at most \(EventLimits.bytesMax) are allowed")
    }
    guard let paths = unsafe paths else { throw PathReader.noMemory }
    let result = unsafe json.withUnsafeBufferPointer {
      unsafe csimdjson_read(
        paths, $0.baseAddress, $0.count, EventLimits.depthMax, EventLimits.listElementsMax)
    }
    guard unsafe result.status == CSIMDJSON_FINE else { throw unsafe PathReader.error(result) }
    return unsafe UnsafeBufferPointer(start: result.values, count: result.value_count)
  }

  private static let noMemory = DecodeError(code: .tooLarge, message: "there is no memory to read the event")

  private static func error(_ result: csimdjson_result) -> DecodeError {
    let path = unsafe UnsafeRawBufferPointer(start: result.path, count: result.path_length)
    let field = unsafe String(decoding: path, as: UTF8.self)
    switch unsafe result.status {
    case CSIMDJSON_EMPTY:
      return DecodeError(code: .notJSON, message: "the event is empty, expected a JSON object")
    case CSIMDJSON_BYTE_ORDER_MARK:
      return DecodeError(code: .notJSON, message: "the event begins with a byte order mark, expected `{`")
    case CSIMDJSON_NOT_UTF8: return DecodeError(code: .notUTF8, message: "the event is not UTF-8")
    case CSIMDJSON_TOO_DEEP:
      return DecodeError(
        code: .tooDeep, message: "the event nests deeper than \(EventLimits.depthMax) lists and objects")
    case CSIMDJSON_BAD_STRING:
      return DecodeError(code: .notJSON, message: "the event is not JSON: a text is malformed or has no end")
    case CSIMDJSON_BAD_NUMBER:
      return DecodeError(code: .notJSON, message: "the event is not JSON: a number is malformed")
    case CSIMDJSON_NOT_AN_OBJECT:
      return DecodeError(code: .notAnObject, message: "the event must be a JSON object, found other JSON")
    case CSIMDJSON_DUPLICATE:
      return DecodeError(code: .duplicateField, field: field, message: "`\(field)` stands there twice")
    case CSIMDJSON_NOT_NESTED:
      let found = RawValue(RawValue.Kind(rawValue: UInt8(unsafe result.found.rawValue)) ?? .absent)
      return DecodeError(
        code: .wrongType, field: field, message: "`\(field)` must be an object, found \(found.noun)")
    case CSIMDJSON_NO_MEMORY: return noMemory
    default: return DecodeError(code: .notJSON, message: "the event is not JSON: its structure is malformed")
    }
  }
}
