import Diagnostics
import ReleaseCompiler
import Testing

/// After a rollback the numbers are looked at as often as in the release, and at least every half minute.
@Suite struct RecoveryPaceTests {
  @Test(arguments: [("2s", 2), ("15s", 15), ("30s", 30), ("1m", 30)])
  func aRollbackLooksAsOftenAsTheReleaseDid(checkEvery: String, seconds: Int) throws {
    // An hour for every step leaves room for slow looks.
    let changes = [
      ("check-every: 2s", "check-every: \(checkEvery)"), ("no-data-limit: 10s", "no-data-limit: 10m"),
      ("hold: 10s", "hold: 1h"), ("hold: 8s", "hold: 1h"), ("fails for 4s", "fails for 5m"),
      ("detection-budget: 20s", "detection-budget: 1h"),
    ]
    var text = try exampleText("local-canary")
    for (old, new) in changes {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    let script = try #require(try generate(text).first { $0.path.hasSuffix("/rollback.sh") }).text
    let function = try #require(script.firstMatch(of: #/(?s)\nawait_recovery\(\) \{.*?\n\}\n/#)).output
    #expect(function.contains("\n    sleep \(seconds)\n"), "\(function)")
  }
}
