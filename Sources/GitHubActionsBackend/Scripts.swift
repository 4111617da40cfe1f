import GitHubWorkflow
import TextLayout

/// How the generated scripts of one environment are called.
struct Scripts {
  let service: String
  let environment: String

  /// `ops/shop/prod/gates.sh ci`
  func gate(_ name: String) -> RunScript { RunScript("\(path("gates")) \(name)") }
  /// `ops/shop/prod/gates.sh approval prod`
  func approval(_ environment: String) -> RunScript { RunScript("\(path("gates")) approval \(environment)") }
  /// `ops/shop/prod/rollout.sh step 1`
  func rollout(_ words: String...) -> RunScript { RunScript("\(path("rollout")) \(words: words)") }
  /// `ops/shop/artifact.sh build`
  func artifact(_ verb: String) -> RunScript { RunScript("\("ops/\(service)/artifact.sh") \(verb)") }

  /// `ops/shop/prod/rollback.sh --yes …`
  func rollback(_ arguments: Bash) -> RunScript { RunScript("\(path("rollback")) --yes \(arguments)") }
  /// The script that takes a release back, as one word.
  var rollbackPath: String { path("rollback") }
  /// The script that does a release, as one word.
  var rolloutPath: String { path("rollout") }
  /// `ops/shop/prod/rollout.sh record "${RESULT}"`
  var record: RunScript { RunScript("\(path("rollout")) record \(ShellWord.variable("RESULT"))") }

  /// `ops/shop/prod/rollout.sh duties "${RESULT}"`
  var duties: RunScript { RunScript("\(path("rollout")) duties \(ShellWord.variable("RESULT"))") }

  private func path(_ script: String) -> String { "ops/\(service)/\(environment)/\(script).sh" }
}
