import RedisTestSupport
import RedisWindows
import TestSupport
import Testing

/// The store over a simulated Redis does what every store must do.
@Suite struct SimulationContractTests {
  @Test(arguments: [1, 3]) func contract(instances: Int) {
    let failures = WindowStoreContract { SimulatedWindows(seed: 1, instances: instances) }.check()
    #expect(failures == [])
  }

  @Test func contractWhileEveryLogIsTrimmedAndForgotten() {
    let failures = WindowStoreContract {
      SimulatedWindows(seed: 2, instances: 2) { settings in
        settings.cacheBytesMax = 1_000
        settings.trimBytesMin = 64
        settings.recordsKept = 2
      }
    }.check()
    #expect(failures == [])
  }
}
