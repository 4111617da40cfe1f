import ReleaseModel

/// The programs of the repository that a release calls, and what their stand-ins leave behind.
struct RepositoryPrograms {
  private(set) var state: [String: JSON] = [:]

  init(_ plan: ReleasePlan, _ environment: EnvironmentPlan) {
    func add(_ words: [String], _ more: [String: JSON] = [:]) {
      guard let path = words.first else { return }
      var program = state[path] ?? [:]
      for (key, value) in more {
        program[key] = key == "writes" ? .object(program[key].members.merging(value.members) { $1 }) : value
      }
      state[path] = program
    }
    for check in environment.everyCheck {
      guard case .run(let program) = check.check.kind else { continue }
      let report = program.findings.map { $0.sarif }
      add(program.command.value, report.map { ["writes": .object([$0: "{\"runs\": [{\"results\": []}]}\n"])] } ?? [:])
    }
    if let migration = environment.spec.migration { add(migration.command.value) }
    if let database = environment.database {
      add(database.branch.otherwise.value)
      if let last = database.branch.lastResort { add(last.value) }
    }
    for channel in environment.channels {
      if case .command(let words, _) = channel.channel.kind { add(words.value) }
    }
    for metric in environment.metrics {
      if case .command(let words) = metric.source.kind { add(words, ["metric": true]) }
    }
  }
}
