import Diagnostics
import Foundation
import ReleaseModel
import Testing
import YAMLDocument

/// Mistakes that the language has no words for. They are shown on what is generated for the five systems; that the folder is
/// what the compiler prints is held by `GoldenTests`.
@Suite struct WayBackTests {
  static let systems = ["doc-0020", "ecom-back", "forge", "nextgen-market", "trade-nexus"]

  /// A freeze that also blocks the rollback.
  ///
  /// Google Cloud Deploy: of `RolloutRestriction.actions`, among which is `ROLLBACK`, the reference says "If left empty, all
  /// actions will be restricted" (Google.Cloud.Deploy.V1, class RolloutRestriction).
  @Test(arguments: systems)
  func noRollbackAsksAboutWindowsOrFreezes(system: String) throws {
    let spec = try #require(Verdict(try example(system)).spec)
    let questions = ["window_at", "freeze_over"]
    var asked = 0
    for (name, environment) in spec.environments.readable {
      let folder = "ops/\(spec.service.value)/\(name.value)"
      let back = try generated(system, "\(folder)/rollback.sh")
      for question in questions { #expect(!back.contains(question), "\(folder)") }
      let forward = try generated(system, "\(folder)/rollout.sh")
      if environment.window != nil {
        #expect(forward.contains("window_at"), "\(folder): the release does not ask either, so this shows nothing")
        asked += 1
      }
    }
    let hasWindow = ["doc-0020", "forge", "nextgen-market"].contains(system)
    #expect((asked > 0) == hasWindow)
  }

  /// An approval in the rollback's path.
  ///
  /// GitHub's docs, "Reviewing deployments": a job that names an environment with required reviewers "will wait for an approval
  /// before starting". A rollback job written by hand names the environment whose secrets it needs, and waits for them.
  @Test(arguments: systems)
  func noJobThatTakesBackNamesAnEnvironmentWithReviewers(system: String) throws {
    let spec = try #require(Verdict(try example(system)).spec)
    let setup = try generated(system, "ops/\(spec.service.value)/setup-environments.sh")
    var seen: Set<String> = []
    for (path, document) in try workflows(of: system) {
      let jobs = try #require(document.value(for: "jobs", in: document.root))
      for (key, job) in document.entries(of: jobs) {
        let steps = document.value(for: "steps", in: job).map { document.file.text(in: document.span(of: $0)) } ?? ""
        guard steps.contains("/rollback.sh") else { continue }
        let environment = document.value(for: "environment", in: job).flatMap { node in
          document.kind(of: node) == .mapping ? document.value(for: "name", in: node) : node
        }
        let name = environment.map { document.string(of: $0) }
        let isRollout = steps.contains("/rollout.sh")
        // The job of a rollout has been approved before its first step; the way back is one of its later steps.
        if isRollout { continue }
        let place = try #require(name, "\(path): \(document.string(of: key)) names no environment")
        #expect(place.hasSuffix("-rollback"), "\(path): \(place)")
        seen.insert(place)
      }
    }
    #expect(!seen.isEmpty)
    for place in seen {
      let function = "environment_" + place.map { $0 == "-" ? "_" : String($0) }.joined()
      let body = try #require(setup.components(separatedBy: "\n\(function)() {").dropFirst().first, "\(function)")
      let lines = try #require(body.components(separatedBy: "\n}").first)
      #expect(lines.contains("match_environment \(place) nobody"), "\(place): \(lines)")
      #expect(lines.contains("REVIEWERS=()"), "\(place): \(lines)")
    }
  }

  /// A promotion that undoes a rollback.
  ///
  /// Kargo: issue 3016 of akuity/kargo, "edge case: older freight won't stay put if auto-promotion is enabled": the newest
  /// freight is promoted again over the older one that somebody went back to.
  @Test(arguments: systems)
  func whatWasTakenBackIsNotPromoted(system: String) throws {
    let spec = try #require(Verdict(try example(system)).spec)
    let service = spec.service.value
    for (name, environment) in spec.environments.readable {
      guard let upstream = environment.after?.value else { continue }
      let gates = try generated(system, "ops/\(service)/\(name.value)/gates.sh")
      let question = "ask_released_in_" + upstream.map { $0 == "-" ? "_" : String($0) }.joined()
      let context = "\(service)/\(upstream)"
      #expect(gates.contains("\(question)() {\n  gate_status \(context)\n}"), "\(name.value)")
      #expect(gates.contains("judge required 'Released in \(upstream)' \(question)"), "\(name.value)")
      // The rollback writes what that gate reads.
      let back = try generated(system, "ops/\(service)/\(upstream)/rollback.sh")
      #expect(back.contains("failure \"$1\" \"${BAD_COMMIT}\""), "\(upstream)")
      let function = try #require(gates.components(separatedBy: "\ngate_status() {").dropFirst().first)
      let body = try #require(function.components(separatedBy: "\n}").first)
      for (state, code) in [("success", 0), ("failure", 1), ("error", 1), ("pending", 2), ("missing", 2)] {
        #expect(try answer(gateStatus: body, state) == Int32(code), "\(name.value) after \(state)")
      }
    }
  }

  /// What the gate says of a commit with this status, run as it is generated.
  private func answer(gateStatus body: String, _ state: String) throws -> Int32 {
    let bash = Process()
    bash.executableURL = URL(filePath: "/bin/bash")
    bash.arguments = [
      "-c",
      """
      set -u
      COMMIT=0123
      say() { :; }
      status_of() { echo "\(state) 2026-06-02T09:00:00Z"; }
      gate_status() {\(body)
      }
      gate_status context
      """,
    ]
    try bash.run()
    bash.waitUntilExit()
    return bash.terminationStatus
  }

  private func generated(_ system: String, _ path: String) throws -> String {
    try String(contentsOf: repository.appending(path: "Generated/\(system)/\(path)"), encoding: .utf8)
  }

  private func workflows(of system: String) throws -> [(String, YAMLDocument)] {
    let folder = ".github/workflows"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: repository.appending(path: "Generated/\(system)/\(folder)").path)
    return try names.sorted().map { name in
      var sink = DiagnosticSink()
      let file = SourceFile(path: name, text: try generated(system, "\(folder)/\(name)"))
      return (name, try #require(YAMLDocument.parse(file, into: &sink), "\(sink.sorted())"))
    }
  }
}
