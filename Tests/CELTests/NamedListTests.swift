import CEL
import Glibc
import TestSupport
import Testing

/// Long named lists: what `in` says of them, and what programs over them cost.
@Suite struct NamedListTests {
  private static let count = 200_000
  private static let texts = (0..<count).map { "phone-\($0 &* 7_919)" }
  private static let list = Environment.Constant(
    name: "members", type: .list(.string), value: .list(texts.map { .string($0) }))

  /// Processor time of this thread, which other tests do not add to.
  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    try body()
    return now() - start
  }

  /// With a set for each program this takes minutes.
  @Test func aThousandConditionsShareOneSet() throws {
    var bindings = Bindings(
      [("device.id", .string, .string("phone-0")), ("amount", .int, .int(5))], constants: [])
    var programs: [Program] = []
    let preparation = seconds {
      bindings.environment.constants = [
        Environment.Constant(name: "members", type: .list(.string), value: Self.list.value)
      ]
    }
    let compilation = try seconds {
      for number in 0..<1_000 {
        let source = "device.id in members && amount > \(number % 10) || 'x' in members"
        programs.append(try bindings.checked(source))
      }
    }
    print("a list of \(Self.count) made ready in \(preparation) s, 1,000 programs in \(compilation) s")
    #expect(preparation + compilation < 2)
    for (number, program) in programs.enumerated() {
      #expect(try program.holds(bindings.frame) == (number % 10 < 5))
    }
  }

  /// Both ways of a program, with a check and without, against a search from front to back.
  @Test func membersAreThoseOfAPlainSearch() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("named lists: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let number = Int.random(in: 0..<Self.count * 2, using: &random)
      let text = number < Self.count ? Self.texts[number] : "phone-\(number)"
      let bindings = Bindings([("device.id", .string, .string(text))], constants: [Self.list])
      let program = try bindings.checked("device.id in members")
      let isMember = Self.texts.contains(text)
      #expect(try program.holds(bindings.frame) == isMember, "seed \(seed): \(text)")
      guard case .bool(let found) = try program.evaluate(bindings.frame) else {
        Issue.record("seed \(seed): no bool")
        return
      }
      #expect(found == isMember, "seed \(seed): \(text)")
      #expect(try bindings.holds("!(device.id in members)") == !isMember, "seed \(seed): \(text)")
    }
  }

  /// Below and above the length from which the evaluator asks the set.
  @Test(arguments: [0, 1, 8, 9, 40]) func shortListsOfEveryTypeAgree(_ count: Int) throws {
    let lists: [(type: CELType, members: [Value])] = [
      (.string, (0..<count).map { .string("t\($0)") }),
      (.int, (0..<count).map { .int(Int64($0)) }),
      (.double, (0..<count).map { .double(Double($0) / 2) }),
      (.dyn, (0..<count).map { $0 % 2 == 0 ? .int(Int64($0)) : .string("t\($0)") }),
    ]
    let probes: [Value] = [
      .string("t0"), .string("t3"), .string("t39"), .string(""), .int(0), .int(7), .int(40), .double(0.5),
      .double(3), .uint(8), .null, .list([.int(1)]),
    ]
    for (type, members) in lists {
      let list = Environment.Constant(name: "members", type: .list(type), value: .list(members))
      for probe in probes {
        let bindings = Bindings([("v", .dyn, probe)], constants: [list])
        let expected = members.contains { $0.isEqual(to: probe) }
        #expect(try bindings.holds("v in members") == expected, "\(probe) in \(members)")
        #expect(bindings.outcome("v in members") == "bool(\(expected))", "\(probe) in \(members)")
      }
    }
  }

  @Test func aListIsStillAValue() throws {
    let bindings = Bindings([("i", .int, .int(2))], constants: [Self.list])
    #expect(bindings.outcome("size(members)") == "int(200000)")
    #expect(bindings.outcome("members[i]") == "string(\"phone-15838\")")
    #expect(bindings.outcome("i in [1, 2] && members[0] in members") == "bool(true)")
  }
}
