/// What a client got, without what depends on time and on the pieces in which it came.
struct Transcript: Equatable {
  /// Whole answers, in order: status, headers and body, or a line.
  private(set) var answers: [String] = []
  /// After them came a part of one.
  private(set) var isCut = false

  /// Lines, where the client sent bare events.
  init(lines bytes: [UInt8]) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      answers.append(String(decoding: rest[..<end], as: UTF8.self))
      rest = rest[(end + 1)...]
    }
    isCut = !rest.isEmpty
  }

  /// Responses of HTTP/1.1; nil when the bytes are none.
  init?(responses bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
      let head = Head(rest[..<end.lowerBound])
      rest = rest[end.upperBound...]
      guard let status = head.status else { return nil }
      if status == 100 { continue }
      guard let body = head.takeBody(from: &rest) else {
        isCut = true
        return
      }
      answers.append(head.text + "\n\n" + String(decoding: body, as: UTF8.self))
    }
  }

  /// Whether a client that got this may as well have got `other`, had the same bytes come in other pieces. Where one was
  /// cut off in the middle of a stream, the other may have been before it.
  func agrees(with other: Transcript) -> Bool {
    let count = min(answers.count, other.answers.count)
    guard answers.prefix(count) == other.answers.prefix(count) else { return false }
    switch (isCut, other.isCut) {
    case (false, false): return answers.count == other.answers.count
    case (true, true): return answers.count == other.answers.count
    case (true, false): return (answers.count...answers.count + 1).contains(other.answers.count)
    case (false, true): return other.agrees(with: self)
    }
  }

  /// Whether this is what `other` begins with.
  func isBeginning(of other: Transcript) -> Bool {
    answers.count <= other.answers.count && answers[...] == other.answers.prefix(answers.count)
  }
}

/// The head of a response.
private struct Head {
  /// Without `Server-Timing`, and without `Connection`, which the last of several answers may or may not have.
  let text: String
  let status: Int?
  private let isChunked: Bool
  private let length: Int

  init(_ bytes: ArraySlice<UInt8>) {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    let first = lines.first ?? ""
    status = first.hasPrefix("HTTP/1.1 ") ? Int(first.dropFirst(9).prefix(3)) : nil
    var kept = [first]
    var isChunked = false
    var length = 0
    for line in lines.dropFirst() {
      let name = line.prefix { $0 != ":" }.lowercased()
      if name == "server-timing" || name == "connection" { continue }
      if name == "transfer-encoding" { isChunked = line.hasSuffix("chunked") }
      if name == "content-length" { length = Int(line.dropFirst(name.count + 2)) ?? -1 }
      kept.append(line)
    }
    (self.isChunked, self.length) = (isChunked, length)
    text = kept.joined(separator: "\n")
  }

  /// The body that follows; nil when it is not all there. After a `HEAD` none follows.
  func takeBody(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard isChunked else {
      if rest.isEmpty || rest.starts(with: "HTTP/1.1 ".utf8) { return [] }
      guard length >= 0, rest.count >= length else { return nil }
      defer { rest = rest.dropFirst(length) }
      return Array(rest.prefix(length))
    }
    var body: [UInt8] = []
    while let end = rest.firstRange(of: [0x0D, 0x0A]),
      let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16),
      rest.count >= end.upperBound - rest.startIndex + size + 2
    {
      body += rest[end.upperBound...].prefix(size)
      rest = rest[(end.upperBound + size + 2)...]
      if size == 0 { return body }
    }
    return nil
  }
}
