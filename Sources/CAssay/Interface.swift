public import CAssayInterface
internal import Events

// The functions of `assay.h`, which has their description; the compiler holds them to their declarations there.

/// Makes an engine for the rule set in a folder.
@c @implementation
public func assay_create(
  _ rules: UnsafePointer<CChar>?, _ options: UnsafePointer<assay_options>?,
  _ engine: UnsafeMutablePointer<OpaquePointer?>?,
  _ answer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ answer_length: UnsafeMutablePointer<Int>?
) -> assay_status {
  unsafe engine?.pointee = nil
  return unsafe tell(answer, answer_length) { () throws(Problem) -> [UInt8] in
    guard let engine = unsafe engine else { throw .argument("`engine` is NULL") }
    if cassay_is_stranded() != 0 { throw .stranded }
    guard let folder = unsafe try EngineSetup.text(rules, "rules") else { throw .argument("`rules` is NULL") }
    let hosted = unsafe try HostedEngine(folder: folder, EngineSetup(options))
    guard let handle = EngineTable.shared.add(hosted) else {
      hosted.close()
      throw Problem(
        ASSAY_TOO_MANY_ENGINES, "too-many-engines", "there are \(ASSAY_ENGINES_MAX) engines already",
        hint: "destroy those that are not used, and let threads share one")
    }
    unsafe engine.pointee = OpaquePointer(bitPattern: handle)
    return hosted.summary
  }
}

/// Decides one event.
@c @implementation
public func assay_decide(
  _ engine: OpaquePointer?, _ event: UnsafePointer<CChar>?, _ event_length: Int,
  _ answer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ answer_length: UnsafeMutablePointer<Int>?
) -> assay_status {
  unsafe tell(answer, answer_length) { () throws(Problem) -> [UInt8] in
    // A decision that nobody can see would still count.
    guard unsafe answer != nil else { throw .argument("`answer` is NULL") }
    return try EngineTable.shared.with(UInt(bitPattern: engine)) { hosted throws(Problem) in
      guard unsafe event != nil || event_length == 0 else { throw .argument("`event` is NULL") }
      // In Swift a length beyond half of all memory is negative.
      guard (0...EventLimits.bytesMax).contains(event_length) else { throw .tooLarge }
      return unsafe try hosted.decide(UnsafeRawBufferPointer(start: event, count: event_length))
    }
  }
}

/// Reads the rules again.
@c @implementation
public func assay_reload(
  _ engine: OpaquePointer?, _ answer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ answer_length: UnsafeMutablePointer<Int>?
) -> assay_status {
  unsafe tell(answer, answer_length) { () throws(Problem) -> [UInt8] in
    try EngineTable.shared.with(UInt(bitPattern: engine)) { hosted throws(Problem) in try hosted.reload() }
  }
}

/// Tells which rules decide.
@c @implementation
public func assay_ruleset(
  _ engine: OpaquePointer?, _ answer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ answer_length: UnsafeMutablePointer<Int>?
) -> assay_status {
  unsafe tell(answer, answer_length) { () throws(Problem) -> [UInt8] in
    try EngineTable.shared.with(UInt(bitPattern: engine)) { hosted throws(Problem) in hosted.summary }
  }
}

/// Ends an engine.
@c @implementation
public func assay_destroy(_ engine: OpaquePointer?) -> assay_status {
  cassay_enter()
  defer { cassay_leave() }
  do throws(Problem) {
    try EngineTable.shared.remove(UInt(bitPattern: engine))
    return ASSAY_OK
  } catch {
    return error.status
  }
}

/// Hands the caller what `body` comes to: its result, or what is wrong.
private func tell(
  _ answer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ length: UnsafeMutablePointer<Int>?,
  _ body: () throws(Problem) -> [UInt8]
) -> assay_status {
  cassay_enter()
  defer { cassay_leave() }
  unsafe answer?.pointee = nil
  unsafe length?.pointee = 0
  var status = ASSAY_OK
  let text: [UInt8]
  do {
    text = try body()
  } catch {
    status = error.status
    text = unsafe answer == nil ? [] : error.json
  }
  guard let answer = unsafe answer else { return status }
  guard let copy = unsafe text.withUnsafeBufferPointer({ unsafe cassay_text($0.baseAddress, $0.count) })
  else {
    return status == ASSAY_OK ? ASSAY_NO_MEMORY : status
  }
  unsafe answer.pointee = copy
  unsafe length?.pointee = text.count
  return status
}

extension HostedEngine {
  fileprivate func decide(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> [UInt8] {
    let event = unsafe bytes.bindMemory(to: UInt8.self)
    return unsafe try decide(event.span)
  }
}

extension Problem {
  /// More bytes than an event may have; none of them is read.
  fileprivate static var tooLarge: Problem {
    Problem(
      ASSAY_REFUSED, DecodeError.Code.tooLarge.rawValue,
      "the event is larger than \(EventLimits.bytesMax) bytes")
  }
}
