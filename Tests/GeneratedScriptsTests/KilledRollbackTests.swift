import Foundation
import Testing

/// A rollback is killed after each of its commands in turn, and run again: it ends where one ends that nobody kills, and does
/// nothing twice that can be done only once.
///
/// `make test` kills after every fifth command, `make faults` after each.
@Suite(.threads) struct KilledRollbackTests {
  enum Way: String, CaseIterable, Sendable { case tradeNexus, forge, nextgenMarket }

  private static let stride = ProcessInfo.processInfo.environment["LIFTLOCK_FAULTS_ALL"] == "1" ? 1 : 5
  /// Four of each run beside each other.
  static let lanes = [0, 1, 2, 3]

  @Test(arguments: Way.allCases, lanes) func endsWhereOneEndsThatNobodyKills(_ way: Way, _ lane: Int) throws {
    var place = 1 + lane * Self.stride
    // A rollback of these has more commands than its lanes are wide: one that is never killed has proved nothing.
    var killed = 0
    while try isKilled(way, after: place) {
      killed += 1
      place += Self.lanes.count * Self.stride
    }
    #expect(killed > 0)
  }

  /// Whether the rollback had so many commands, and so was killed.
  private func isKilled(_ way: Way, after place: Int) throws -> Bool {
    let fault: JSON = [
      ["command": "*", "nth": .number(Double(place)), "kind": "kill", "when": "after"]
    ]
    switch way {
    case .tradeNexus:
      var scenario = TradeNexus.underWay(weight: 50)
      scenario["faults"] = fault
      return try ReleaseRepository.tradeNexus(scenario) {
        try killed($0, TradeNexus.rollback, TradeNexus.environment, back: [TradeNexus.old: 100], place)
      }
    case .forge:
      var scenario = Forge.underWay(weight: 50)
      scenario["faults"] = fault
      return try ReleaseRepository.forge(scenario) {
        try killed($0, "prod/rollback.sh", Forge.environment, back: nil, place)
      }
    case .nextgenMarket:
      var scenario = NextgenMarket.underWay(weight: 50)
      scenario["faults"] = fault
      return try ReleaseRepository.nextgenMarket(scenario) {
        try killed($0, "prod/rollback.sh", NextgenMarket.environment("prod"), back: nil, place)
      }
    }
  }

  private func killed(
    _ repository: ReleaseRepository, _ script: String, _ environment: [String: String?], back: [String: Double]?,
    _ place: Int
  ) throws -> Bool {
    let first = try repository.script("\(script) --yes --if-needed --reason killed", environment)
    if first.code == 0 { return false }
    let second = try repository.script("\(script) --yes --if-needed --reason killed", environment)
    #expect(second.code == 0, "killed after command \(place): \(first.output)\n── again:\n\(second.output)")
    let split = try repository.split
    #expect(split.count == 1 && split.values.first == 100, "killed after command \(place): \(split)")
    if let back { #expect(split == back, "killed after command \(place)") }
    let issues = try repository.state["github"]["issues"].elements.filter {
      $0["title"].string?.hasPrefix("Rolled back: ") == true
    }
    #expect(issues.count == 1, "killed after command \(place): \(issues.count) issues")
    return true
  }
}
