import GitHubWorkflow
import ReleaseModel
import TextLayout

/// Says how the release went, and fails unless every job that it needs succeeded.
struct ResultJob {
  let service: String
  let required: [Job]
  /// `nil`: the environment has no rollback.
  let guardian: Job?
  let runsOn: [String]

  var job: Job {
    var env = NamedValues<Value>()
    for job in all { env[variable(job)] = .expression(.result(ofJob: job.id)) }
    return Job(
      id: "result", name: "Result", needs: all.map(\.id), condition: .always, runsOn: runsOn,
      timeoutMinutes: 2 * Limits.question,
      steps: [
        Step(name: "Sum up", .run(RunScript(script)), env: env, timeoutMinutes: Limits.question)
      ])
  }

  private var all: [Job] { required + (guardian.map { [$0] } ?? []) }

  /// `approval-1-product` → `APPROVAL_1_PRODUCT_RESULT`
  private func variable(_ job: Job) -> String {
    String(job.id.uppercased().map { $0 == "-" ? "_" : $0 }) + "_RESULT"
  }

  private var script: Bash {
    let reports: [Bash] = required.map { "report \($0.name) \(ShellWord.variable(variable($0)))" }
    return """
      set -u
      failed=0
      say() { printf '%s\\n' "$1" | tee -a "${GITHUB_STEP_SUMMARY}"; }
      report() {
        say "- $1: $2"
        if [[ $2 != success ]]; then failed=1; fi
      }
      \(.lines(reports))
      \(guardian.map(guardReport) ?? .empty)
      exit "${failed}"
      """
  }

  private func guardReport(_ guardian: Job) -> Bash {
    """
    case \(ShellWord.variable(variable(guardian))) in
      skipped) ;;
      success) say '- Guard: what this run had left unfinished on the target, if anything, is rolled back' ;;
      *)
        say \(alarm)
        printf '::error::%s\\n' \(alarm)
        ;;
    esac
    """
  }

  private var alarm: String {
    "The guard could not make sure that the release is rolled back. Look at the target now: docs/runbooks/\(service).md"
  }
}
