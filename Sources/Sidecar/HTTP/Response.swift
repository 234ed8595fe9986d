internal import Assay
internal import NIOCore
internal import NIOHTTP1

/// A whole answer to a request.
struct Response {
  var status: HTTPResponseStatus
  var headers = HTTPHeaders()
  var body: [UInt8] = []

  init(_ status: HTTPResponseStatus, type: String, body: [UInt8]) {
    self.status = status
    self.body = body
    headers.add(name: "content-type", value: type)
  }

  /// JSON, and a line's end for those who read it on a terminal.
  init(json: [UInt8]) {
    self.init(.ok, type: "application/json", body: json + [0x0A])
  }

  init(_ problem: Problem) {
    var json: [UInt8] = []
    problem.write(to: &json)
    self.init(
      HTTPResponseStatus(statusCode: problem.status), type: "application/problem+json", body: json + [0x0A])
    if let method = problem.allow { headers.add(name: "allow", value: method) }
    if let seconds = problem.retryAfter { headers.add(name: "retry-after", value: "\(seconds)") }
  }

  /// JSON with its line's end, or why there is none.
  init(_ result: Result<[UInt8], Problem>) {
    switch result {
    case .success(let json): self.init(.ok, type: "application/json", body: json)
    case .failure(let problem): self.init(problem)
    }
  }

  init(_ answer: Answer) {
    switch answer {
    case .decision(let decision): self.init(json: decision.json)
    case .problem(let problem): self.init(problem)
    }
  }
}
