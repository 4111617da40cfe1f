import Foundation
import GitHubWorkflow
import Testing

@testable import GitHubActionsBackend

/// The few lines of bash that stand in the workflows themselves, run by a real bash as GitHub runs them.
@Suite struct ScriptTests {
  @Test func noExpressionIsInAScript() throws {
    for (path, workflow) in try allWorkflows() {
      for step in workflow.jobs.flatMap(\.steps) { #expect(!step.script.contains("${{"), "\(path) \(step.name)") }
    }
  }

  @Test(
    arguments: [
      (["GATES": "success", "ROLLOUT": "success", "GUARD": "skipped"], 0),
      (["GATES": "failure", "ROLLOUT": "skipped", "GUARD": "skipped"], 1),
      (["GATES": "success", "ROLLOUT": "skipped", "GUARD": "skipped"], 1),
      (["GATES": "success", "ROLLOUT": "cancelled", "GUARD": "success"], 1),
      (["GATES": "success", "ROLLOUT": "failure", "GUARD": "failure"], 1),
    ] as [([String: String], Int32)])
  func theResultIsGoodOnlyWhenEveryJobWas(results: [String: String], code: Int32) throws {
    let step = try #require(try tradeNexus().job("result").steps.first)
    let environment = Dictionary(uniqueKeysWithValues: results.map { ("\($0.key)_RESULT", $0.value) })
    #expect(Set(step.env.names) == Set(environment.keys))
    let outcome = try bash(step.script, environment)
    #expect(outcome.code == code)
    #expect(outcome.summary.contains("Roll out: \(results["ROLLOUT"] ?? "")"))
    #expect(outcome.summary.contains("is rolled back") == (results["GUARD"] != "skipped"))
    #expect(outcome.output.contains("::error::") == (results["GUARD"] == "failure"))
  }

  @Test func whatAPersonTypesStaysOneWord() throws {
    let plan = try example("forge")
    let step = try workflow("forge-api-rollback", of: plan).job("rollback-prod").step("Roll back")
    let reason = "$(touch pwned); `id` \"x\" 'y'"
    let outcome = try bash(
      step.script, ["TO": "v1 --dry-run", "REASON": reason, "KEEP_SCHEMA": "false"],
      stubs: ["ops/forge-api/prod/rollback.sh"])
    #expect(outcome.code == 0)
    #expect(outcome.output == "<--yes><--reason><\(reason)><--to><v1 --dry-run>\n")
    let bare = try bash(
      step.script, ["TO": "", "REASON": "bad", "KEEP_SCHEMA": "false"], stubs: ["ops/forge-api/prod/rollback.sh"])
    #expect(bare.output == "<--yes><--reason><bad>\n")
  }

  @Test func theSchemaIsKeptOnlyWhereThereIsOneAndAPersonSaysSo() throws {
    let rollback = try workflow("app-rollback", of: example("doc-0020"))
    let values = ["TO": "", "REASON": "bad", "KEEP_SCHEMA": "true"]
    for (name, option) in [("production", "<--keep-schema>"), ("staging", "")] {
      let step = try rollback.job("rollback-\(name)").step("Roll back")
      #expect(step.env.names.contains("KEEP_SCHEMA") == !option.isEmpty)
      let stub = "ops/app/\(name)/rollback.sh"
      #expect(try bash(step.script, values, stubs: [stub]).output == "<--yes><--reason><bad>\(option)\n")
      let not = try bash(step.script, values.merging(["KEEP_SCHEMA": "false"]) { $1 }, stubs: [stub])
      #expect(not.output == "<--yes><--reason><bad>\n")
    }
    #expect(GitHubActionsBackend.render(rollback).contains("keep-schema:"))
    let without = try workflow("trade-nexus-backend-rollback", of: example("trade-nexus"))
    #expect(!GitHubActionsBackend.render(without).contains("keep-schema"))
  }

  @Test func theGuardSaysHowTheRolloutEnded() throws {
    let step = try tradeNexus().job("guard").step("Roll back")
    let path = "ops/trade-nexus-backend/production/rollback.sh"
    let outcome = try bash(step.script, ["ROLLOUT": "cancelled"], stubs: [path])
    #expect(outcome.output == "<--yes><--if-needed><--reason><the rollout ended as cancelled>\n")
  }

  @Test func titlesFromTheSpecCannotBecomeExpressionsOrCommands() throws {
    let hostile = "${{ secrets.TOKEN }} $(touch pwned) ' \\\" # `id`"
    let plan = try plan(of: smallSpec(title: hostile))
    let release = try workflow("shop-prod", of: plan)
    #expect(WorkflowProblems.check(release).isEmpty)
    let text = GitHubActionsBackend.render(release)
    #expect(!text.contains("${{ secrets.TOKEN"))
    let gates = try release.job("gates")
    #expect(gates.steps.last?.name.contains("touch pwned") == true)
    let result = try #require(try release.job("result").steps.first)
    let environment = Dictionary(uniqueKeysWithValues: result.env.names.map { ($0, "success") })
    let outcome = try bash(result.script, environment.merging(["GUARD_RESULT": "skipped"]) { $1 })
    #expect(outcome.code == 0)
    #expect(outcome.summary.contains("$(touch pwned)"))
    #expect(!outcome.files.contains("pwned"))
  }
}
