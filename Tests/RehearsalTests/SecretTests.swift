import Foundation
import GitHubWorkflow
import Testing

@testable import Rehearsal

/// Every rehearsal of these tests plants a marked value for each secret, and looks for the marks in logs, summaries,
/// artifacts, journals, the workspace, temporary files and the arguments of all processes. Here: that it would find one.
@Suite(.threads) struct SecretTests {
  @Test func argumentsOfAllProcessesAreSeen() throws {
    var log = ""
    let report = try Rehearsed.example("ecom-back").run("staging") {
      $0.arguments = try ArgumentLibrary.recorder()
      log = try #require($0.arguments).log
    }
    let lines = try Machine.text(of: log).split(separator: "\n")
    try FileManager.default.removeItem(atPath: log)
    #expect(report.leaks.isEmpty)
    #expect(lines.count > 100)
    for program in ["bash ", "jq ", "curl ", "awk "] {
      #expect(lines.contains { $0.hasPrefix(program) || $0.contains("/" + program) }, "no \(program)")
    }
  }

  /// A release step with a secret in the arguments of a program that lives for a moment.
  @Test func aSecretInTheArgumentsOfAProcessIsFound() throws {
    var rehearsal = try Rehearsed.example("ecom-back").rehearsal("staging")
    let job = try #require(rehearsal.workflow.jobs.firstIndex { $0.id == "rollout" })
    let name = "STAGING_SMOKE_BEARER_TOKEN"
    let step = try #require(rehearsal.workflow.jobs[job].steps.firstIndex { $0.env[name] != nil })
    guard case .run(let script) = rehearsal.workflow.jobs[job].steps[step].kind else {
      throw Rehearsed.Problem(description: "no script")
    }
    let leak = "printf '{}' | jq --arg token \"${\(name)}\" . >/dev/null"
    rehearsal.workflow.jobs[job].steps[step].kind = .run(RunScript(text: "\(leak)\n\(script.text)"))
    var options = ReleaseRehearsal.Options()
    options.arguments = try ArgumentLibrary.recorder()
    defer { ArgumentLibrary.remove(options.arguments) }
    let report = try rehearsal.run(options, standIns: Rehearsed.standIns)
    #expect(report.leaks == ["\(name) in the arguments of a process"])
  }
}
