import ArgumentParser

@main
struct Liftlock: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "liftlock",
    abstract: "Compiles a release spec into workflows, rollback scripts and a runbook that cannot disagree.",
    discussion: """
      Exit codes: 0 clean, 1 findings or drift, 2 usage or input/output, 3 no spec found, 4 cannot be rehearsed here.
      Results go to standard output, progress and problems of Liftlock itself to standard error.
      """,
    version: "0.1.0",
    subcommands: [
      Init.self, Check.self, Generate.self, Matrix.self, Plan.self, Rehearse.self, Explain.self, Schema.self,
      Doctor.self,
      Pins.self, Completions.self, Man.self,
    ])

  static func main() {
    // ArgumentParser ends usage errors with 64; here they are 2, as `--help` says.
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      if code == .success || !(error is ExitCode) {
        let message = fullMessage(for: error)
        if code == .success { Terminal.print(message) } else { Terminal.complain(message) }
      }
      Terminal.exit(code == .success ? .success : (error as? ExitCode) ?? .usage)
    }
  }
}

extension ExitCode {
  static let findings = ExitCode(1)
  static let usage = ExitCode(2)
  static let noSpec = ExitCode(3)
}
