import ReleaseModel

/// Where the other generated files are and how they are called.
struct Places: Sendable {
  let service: String

  init(_ plan: ReleasePlan) { service = plan.service }

  var runbook: String { "docs/runbooks/\(service).md" }
  var beforeMergeWorkflow: String { "\(service)-before-merge.yml" }
  var rollbackWorkflow: String { "\(service)-rollback.yml" }
  var setUpEnvironments: String { "ops/\(service)/setup-environments.sh" }
  func workflow(_ environment: String) -> String { "\(service)-\(environment).yml" }
  func script(_ environment: String, _ name: String) -> String { "ops/\(service)/\(environment)/\(name).sh" }

  /// A person's words; no `!` or `$` in it that a shell would act on.
  static let reason = "\"<what-you-saw>\""

  func rollbackByWorkflow(_ environment: String) -> String {
    "gh workflow run \(rollbackWorkflow) -f environment=\(environment) -f reason=\(Self.reason)"
  }
  func rollbackByScript(_ environment: String) -> String {
    "\(script(environment, "rollback")) --yes --reason \(Self.reason)"
  }
  func rollout(_ verb: String, _ environment: String) -> String { "\(script(environment, "rollout")) \(verb)" }
  func byWorkflow(_ action: String, _ environment: String) -> String {
    "gh workflow run \(rollbackWorkflow) -f environment=\(environment) -f action=\(action) -f reason=\(Self.reason)"
  }
  func status(_ environment: String) -> String { "\(script(environment, "rollback")) --status" }
}
