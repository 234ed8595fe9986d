import Testing
import Workbench

@Suite struct LabelFileTests {
  private func read(_ text: String) throws -> Labels {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try LabelFile.read(folder.write("labels", text)) }
  }

  private func meet(_ id: String, _ labels: inout Labels) -> String {
    let bytes = Array(id.utf8)
    let label = labels.meet(bytes.span.bytes, id: bytes.indices)
    switch label.truth {
    case .honest: return "honest"
    case .unknown: return "unknown"
    case .fraud: return labels.name(of: label) ?? "no name"
    }
  }

  @Test func whatIsNotMentionedIsHonestWhereNothingIsCalledHonest() throws {
    var labels = try read(#"{"event":"a","user":"u","fraud":"ring"}"# + "\n" + #"{"event":"b","fraud":true}"#)
    #expect(["a", "b", "c"].map { meet($0, &labels) } == ["ring", "fraud", "honest"])
    #expect((labels.count, labels.metCount, labels.unmetCount) == (2, 2, 0))
    var both = try read(#"{"event":"a","fraud":"ring"}"# + "\n" + #"{"event":"b","fraud":false}"#)
    #expect(["a", "b", "c", "a"].map { meet($0, &both) } == ["ring", "honest", "unknown", "ring"])
    #expect(both.metCount == 2)
  }

  @Test(arguments: [
    (#"{"event":"a","fraud":"ring"}"#, "ring"), (#"{"fraud" : null , "event" : "a" }"#, "unknown"),
    (#"{"event":"a","fraud":false}"#, "honest"), (#"{"event":"a","fraud":0}"#, "honest"),
    (#"{"event":"a","fraud":1}"#, "fraud"), (#"{"event":"a","fraud":2}"#, "2"),
    (#"{"event":"a","label":"Fraud"}"#, "fraud"), (#"{"event":"a","fraud":"none"}"#, "honest"),
    (#"{"event":"\u0061","fraud":"a\"b","more":{"deep":[1.5]}}"#, "a\"b"),
    (#"{"event":"a","score":0.5,"fraud":"ring"}"#, "ring"),
  ]) func lines(_ line: String, _ truth: String) throws {
    var labels = try read(line)
    #expect(meet("a", &labels) == truth)
    #expect(labels.badLineCount == 0)
  }

  @Test func anIDMayBeAnInteger() throws {
    var labels = try read(#"{"event":42,"fraud":true}"#)
    #expect(meet("42", &labels) == "fraud")
  }

  @Test(arguments: [
    (#"{"event":"a","fraud":"ring""#, "not-json", "not JSON: expected `,` or `}` at byte 27"),
    (
      #"{"event":"a","event":"b","fraud":"ring"}"#, "not-json",
      "the key `event` stands there twice, again at byte 13"
    ),
    (#"{"event":"a"}"#, "bad-label", "there is no `fraud`: a kind of fraud, true, false or null"),
    (#"{"id":"a","fraud":true}"#, "bad-label", "there is no `event`, the id of the event"),
    (#"{"event":"","fraud":true}"#, "bad-label", "the event's id is empty"),
    (#"{"event":["a"],"fraud":true}"#, "bad-label", "`event` must be an event's id, a text or an integer"),
    (#"{"event":"a","fraud":[]}"#, "bad-label", "`fraud` must be a kind of fraud, true, false or null"),
    (#"["a",true]"#, "bad-label", "a label is an object with `event` and `fraud`"),
  ]) func badLinesAreToldWithTheirPlace(_ line: String, _ code: String, _ message: String) throws {
    let labels = try read(#"{"event":"good","fraud":true}"# + "\n\n" + line)
    #expect(labels.badLineCount == 1)
    let bad = try #require(labels.remarks.first)
    #expect((bad.place.number, bad.code, bad.message) == (3, code, message))
  }

  @Test func tooLongAKindIsRefused() throws {
    let kind = String(repeating: "x", count: 129)
    let labels = try read(#"{"event":"a","fraud":"ring"}"# + "\n" + #"{"event":"b","fraud":"\#(kind)"}"#)
    #expect(labels.remarks.map(\.message) == ["a label of 129 bytes, at most 128 are allowed"])
  }

  @Test func contradictionsAreToldAndDecideNothing() throws {
    let lines = ["a,ring", "a,ring", "a,bot", "b,ring", "b,no", "b,ring", "c,?"]
    var labels = try read(("event,label\n" + lines.joined(separator: "\n")))
    #expect(["a", "b", "c"].map { meet($0, &labels) } == ["ring", "unknown", "unknown"])
    #expect((labels.repeatedCount, labels.contradictedCount, labels.count) == (1, 3, 3))
    #expect(labels.remarks.map(\.place.number) == [4, 6, 7])
    #expect(
      labels.remarks.map(\.message) == [
        "`a` has another label on a line before; the first stands",
        "`b` has another label on a line before; its truth counts as unknown",
        "`b` has another label on a line before; its truth counts as unknown",
      ])
    #expect(labels.counts == [.fraud: 1, .unknown: 2])
  }

  @Test func commaSeparatedValues() throws {
    let text = "user, Fraud ,event\r\nu1,ring,a\r\n\"u,2\",\"a \"\"b\"\"\",\"e,1\"\r\nu3,1.0,c\nu4,0,d\n"
    var labels = try read(text)
    #expect(
      ["a", "e,1", "c", "d", "x"].map { meet($0, &labels) } == [
        "ring", "a \"b\"", "fraud", "honest", "unknown",
      ])
    let bad = try read("event,label\na,ring\nb\n\"c,ring\n\"d\"e,ring\n,ring\n")
    #expect(
      bad.remarks.map(\.message) == [
        "1 column, where the label is in column 2 and the event in column 1",
        "a quote is not closed, or text stands behind one",
        "a quote is not closed, or text stands behind one",
        "the event's id is empty",
      ])
  }

  @Test func filesWithoutLabelsAreOfNoUse() throws {
    for text in ["", "\n\n", "event,label\n", "{}\n{\n", "a,b\n1,2\n", "garbage"] {
      #expect(throws: LabelError.self, "\(text)") { try read(text) }
    }
    #expect(throws: LabelError.self) { try LabelFile.read("/nowhere/labels.ndjson") }
    let folder = try TemporaryFolder()
    let gzip = StoredGzip.member(Array(#"{"event":"a","fraud":true}"#.utf8))
    #expect(try LabelFile.read(folder.write("labels.gz", gzip)).count == 1)
    #expect(throws: LabelError.self) { try LabelFile.read(folder.write("cut.gz", Array(gzip.dropLast(20)))) }
  }

  @Test func labelsWhoseEventDidNotComeAreNamed() throws {
    var labels = try read("event,label\n" + ["a", "b", "c", "d", "e", "f"].map { "\($0),ring\n" }.joined())
    for id in ["a", "c"] { _ = meet(id, &labels) }
    // The fourth takes no more room than to say that there is one more.
    #expect(labels.firstUnmet.map(\.id) == ["b", "d", "e", "f"])
    #expect(labels.firstUnmet.map(\.line) == [3, 5, 6, 7])
    #expect(labels.unmetCount == 4)
    var more = try read("event,label\n" + ["a", "b", "c", "d", "e"].map { "\($0),ring\n" }.joined())
    #expect(more.firstUnmet.map(\.id) == ["a", "b", "c"])
    _ = meet("e", &more)
    #expect(more.firstUnmet.map(\.id) == ["a", "b", "c", "d"])
  }

  @Test func whatEventsWithoutALabelAreCanBeSaid() throws {
    var labels = try read("event,label\na,ring\nb,no\n")
    #expect(meet("x", &labels) == "unknown")
    labels.unlabelledTruth = .honest
    #expect(meet("x", &labels) == "honest")
    var frauds = try read("event,label\na,ring\n")
    #expect(meet("x", &frauds) == "honest")
    frauds.unlabelledTruth = .unknown
    #expect(meet("x", &frauds) == "unknown")
  }

  @Test func kindsAreBounded() throws {
    let lines = (0..<400).map { #"{"event":"e\#($0)","fraud":"kind \#($0)"}"# }
    var labels = try read(lines.joined(separator: "\n"))
    #expect(labels.kinds.count == Labels.kindsMax + 1)
    #expect(
      ["e0", "e254", "e255", "e399"].map { meet($0, &labels) }
        == ["kind 0", "kind 254", Labels.furtherKinds, Labels.furtherKinds])
  }
}
