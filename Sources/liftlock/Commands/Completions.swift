import ArgumentParser

struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints what a shell needs to complete commands, options and their values.",
    discussion: """
      bash: liftlock completions bash >~/.local/share/bash-completion/completions/liftlock

      zsh: liftlock completions zsh >_liftlock, in a folder of fpath

      fish: liftlock completions fish >~/.config/fish/completions/liftlock.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  @Argument(help: "The shell.")
  var shell: Shell

  func run() {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Terminal.print(Liftlock.completionScript(for: kind))
  }
}
