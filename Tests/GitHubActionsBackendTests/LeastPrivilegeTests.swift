import GitHubWorkflow
import Testing

@testable import GitHubActionsBackend

@Suite struct LeastPrivilegeTests {
  private func scopes(_ job: Job) -> [String] { job.permissions.map { "\($0.scope): \($0.access.rawValue)" } }

  @Test func jobsMayDoWhatTheyNeedAndNothingElse() throws {
    let expected: [String: [String: [String]]] = [
      "forge-api-dev": [
        "gates": ["checks: read", "contents: read", "statuses: read"],
        "rollout": ["contents: read", "packages: write", "statuses: write"],
        "guard": ["contents: read", "statuses: write"], "result": [],
      ],
      "forge-api-staging": [
        "gates": ["checks: read", "contents: read", "issues: read", "statuses: read"],
        "rollout": ["actions: read", "contents: read", "issues: write", "packages: read", "statuses: write"],
        "guard": ["contents: read", "issues: write", "statuses: write"], "result": [],
      ],
      "forge-api-prod": [
        "gates": ["checks: read", "contents: read", "issues: read", "statuses: read"],
        "approval-1-service-owner": ["actions: read", "contents: read"],
        "rollout": [
          "actions: read", "contents: read", "issues: write", "packages: read", "pull-requests: write",
          "statuses: write",
        ],
        "guard": ["contents: read", "issues: write", "pull-requests: write", "statuses: write"], "result": [],
      ],
      "forge-api-rollback": [
        "rollback-dev": ["contents: read", "statuses: write"],
        "rollback-staging": ["contents: read", "issues: write", "statuses: write"],
        "rollback-prod": ["contents: read", "issues: write", "pull-requests: write", "statuses: write"],
      ],
      "forge-api-release-issue": ["release-issue": ["contents: read", "issues: write"]],
      "forge-api-housekeeping": ["reopen": ["actions: write", "contents: read", "statuses: write"]],
      "forge-api-drill-restore": [
        "drill-staging": ["contents: read"], "evaluate": ["actions: read", "contents: read", "issues: write"],
      ],
      "forge-api-secret-rotation": ["secrets": ["contents: read", "issues: write"]],
      "trade-nexus-backend-production": [
        "gates": ["checks: read", "contents: read", "deployments: read", "issues: read", "statuses: read"],
        "rollout": [
          "actions: read", "contents: read", "id-token: write", "issues: write", "pull-requests: write",
          "statuses: write",
        ],
        "guard": ["contents: read", "id-token: write", "issues: write", "pull-requests: write", "statuses: write"],
        "result": [],
      ],
      "trade-nexus-backend-rollback": [
        "rollback-production": [
          "contents: read", "id-token: write", "issues: write", "pull-requests: write", "statuses: write",
        ]
      ],
      "trade-nexus-backend-before-merge": [
        "before-merge": [
          "checks: read", "contents: read", "deployments: read", "issues: read", "pull-requests: read",
          "statuses: read",
        ]
      ],
    ]
    var found: [String: [String: [String]]] = [:]
    for (path, workflow) in try allWorkflows() {
      let name = String(path.dropFirst(".github/workflows/".count).dropLast(".yml".count))
      found[name] = Dictionary(uniqueKeysWithValues: workflow.jobs.map { ($0.id, scopes($0)) })
    }
    #expect(found == expected)
  }

  @Test func everyPermissionHasAReason() throws {
    for (path, workflow) in try allWorkflows() {
      for permission in workflow.jobs.flatMap(\.permissions) {
        #expect(permission.reason?.isEmpty == false, "\(path) \(permission.scope)")
      }
    }
  }

  @Test func secretsAreOnlyInJobsThatNameTheirEnvironment() throws {
    for (path, workflow) in try allWorkflows() {
      #expect(workflow.env.isEmpty)
      for job in workflow.jobs {
        #expect(job.env.isEmpty && job.outputs.isEmpty, "\(path) \(job.id)")
        let secrets = job.steps.reduce(into: Set<String>()) { $0.formUnion($1.secrets) }
        if job.environment == nil || job.id.hasPrefix("approval-") { #expect(secrets.isEmpty, "\(path) \(job.id)") }
      }
    }
  }

  @Test func eachPhaseGetsItsOwnSecrets() throws {
    let rollout = try forgeProd().job("rollout")
    let all: Set = ["KUBECONFIG", "PROMETHEUS_URL", "SMOKE_TOKEN", "DATABASE_URL", "ANNOUNCE_WEBHOOK"]
    let expected: [(String, Set<String>)] = [
      ("Check out", []), ("Check who approved", []), ("Check that everything is there", all),
      ("Find the image", []), ("PostgreSQL backup", ["KUBECONFIG", "DATABASE_URL"]),
      ("Tell of the start", ["ANNOUNCE_WEBHOOK"]),
      // What the check of the schema found is noted on the target before the database changes.
      ("Migrate the database", ["KUBECONFIG", "DATABASE_URL"]),
      // A baseline of the live version is measured before anything changes.
      ("Deploy", ["KUBECONFIG", "PROMETHEUS_URL"]), ("Verify the candidate", ["KUBECONFIG", "SMOKE_TOKEN"]),
      ("5 %", ["KUBECONFIG", "PROMETHEUS_URL"]), ("25 %", ["KUBECONFIG", "PROMETHEUS_URL"]),
      ("100 %", ["KUBECONFIG", "PROMETHEUS_URL"]), ("Finish", ["KUBECONFIG"]),
      ("Verify: Smoke tests", ["KUBECONFIG", "SMOKE_TOKEN"]),
      ("Verify: No warning", ["KUBECONFIG", "PROMETHEUS_URL"]), ("Complete", ["KUBECONFIG"]),
      ("Tell of the success", ["ANNOUNCE_WEBHOOK"]), ("Tell of the failure", ["ANNOUNCE_WEBHOOK"]),
      ("Record what happened", ["KUBECONFIG"]), ("Keep the record", []),
      ("Open the follow-up duties", []),
    ]
    for (name, secrets) in expected { #expect(try rollout.step(name).secrets == secrets, "\(name)") }
    let covered = rollout.steps.filter { step in expected.contains { step.name.hasPrefix($0.0) } }
    #expect(rollout.steps.count == covered.count + 1, "the rollback is the one step that is looked at elsewhere")
  }

  @Test func rollbacksGetTheSameSecretsWhereverTheyRun() throws {
    for (name, environment) in [("forge", "prod"), ("trade-nexus", "production")] {
      let plan = try example(name)
      let needed = Set(try #require(plan.environment(environment)).rollbackSecrets.map(\.name))
      #expect(!needed.isEmpty)
      let release = try workflow("\(plan.service)-\(environment)", of: plan)
      let byHand = try workflow("\(plan.service)-rollback", of: plan)
      #expect(try release.job("rollout").step("Roll back").secrets == needed)
      #expect(try release.job("guard").step("Roll back").secrets == needed)
      #expect(try byHand.job("rollback-\(environment)").step("Roll back").secrets == needed)
    }
  }

  @Test func aRollingUpdateGetsTheSecretsOfTheChecksThatRunInIt() throws {
    let dev = try workflow("forge-api-dev", of: example("forge")).job("rollout")
    #expect(try dev.step("100 %").secrets == ["KUBECONFIG", "PROMETHEUS_URL", "SMOKE_TOKEN"])
  }

  @Test func everySecretThatAStepReadsHasAValueWhenTheEnvironmentHasIt() throws {
    let plan = try example("trade-nexus")
    let environment = try #require(plan.environments.first)
    let names = environment.rolloutSecrets.map(\.name)
    let values = WorkflowRunRequest.EnvironmentValues(secrets: NamedValues(names.map { .init($0, "set") }))
    var empty: [String] = []
    let request = WorkflowRunRequest(
      event: "push", environments: ["production": values, "production-rollback": values],
      disturbances: [.runnerLost(job: "rollout", step: 8)])
    _ = WorkflowInterpreter.run(try tradeNexus(), request: request) { step in
      empty += step.step.secrets.filter { step.env[$0] == "" }
      if step.step.action == "azure/login" { empty += step.inputs.entries.filter { $0.value.isEmpty }.map(\.name) }
      return .success()
    }
    #expect(empty.isEmpty)
  }
}
