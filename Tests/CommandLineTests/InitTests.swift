import Foundation
import Testing

/// What `init` finds out, what it asks, what it writes and what it leaves alone.
@Suite struct InitTests {
  private func spec(_ folder: URL, _ path: String = "release.yaml") throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  @Test(arguments: [
    ([], "rolling:"), (["--driver", "kubernetes", "--strategy", "blue-green"], "blue-green:"),
    (["--traffic", "replicas"], "replicas: { total: 10 }"),
    (
      [
        "--driver", "azure-container-apps", "--strategy", "canary", "--environment", "staging", "--environment", "live",
      ], "after: staging"
    ),
    (["--driver", "azure-container-instances"], "azure-container-instances:"), (["--driver", "webhook"], "webhook:"),
    (["--driver", "command", "--strategy", "canary", "--branch", "release/1"], "branches: [release/1]"),
  ]) func whatItWritesIsCheckedAndGeneratedWithoutAWord(options: [String], part: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try run(liftlockPath, ["init", "--service", "shop"] + options, in: folder)
      #expect(outcome.code == 0 && outcome.complaint == "", "\(outcome)")
      #expect(try spec(folder).contains(part))
      #expect(
        try spec(folder).hasPrefix("# yaml-language-server: $schema=.liftlock/release.schema.json\nliftlock: 1\n"))
      #expect(try spec(folder, ".liftlock/release.schema.json") == liftlock("schema").text)
      #expect(try liftlock("check", in: folder).description == "exit 0\n\n")
      #expect(try liftlock("generate", in: folder).code == 0)
      for path in try contents(of: folder).keys where path.hasSuffix(".sh") {
        #expect(try run("bash", ["-n", path], in: folder).description == "exit 0\n\n", "\(path)")
      }
      // What it prints is what it writes.
      let printed = try run(liftlockPath, ["init", "-", "--service", "shop"] + options, in: folder)
      #expect(printed.text == (try spec(folder)))
    }
  }

  @Test(arguments: [
    ("https://github.com/Acme/Web.Shop.git", "web-shop", "acme"), ("git@github.com:acme/shop.git", "shop", "acme"),
    ("ssh://git@ssh.github.com:443/acme/shop", "shop", "acme"), ("https://git.acme.example/team/shop.git", "shop", nil),
  ]) func namesComeFromTheRemote(address: String, service: String, owner: String?) throws {
    try withTemporaryFolder { folder in
      for words in [["init", "--quiet", "--initial-branch", "trunk"], ["remote", "add", "origin", address]] {
        #expect(try run("git", words, in: folder).code == 0)
      }
      #expect(try liftlock("init", in: folder).code == 0)
      let text = try spec(folder)
      #expect(text.contains("\nservice: \(service)\n") && text.contains("branches: [trunk]"))
      #expect(text.contains("image: ghcr.io/\(owner ?? "acme")/\(service)\n"))
      #expect(text.contains("Replace `acme`") == (owner == nil))
      // Elsewhere in it the folder is the name, and the schema is the one of the whole repository.
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("services/Cart 2"), withIntermediateDirectories: true)
      let second = try liftlock("init", "services/Cart 2/release.yaml", in: folder)
      #expect(second.code == 0 && !second.text.contains("schema"), "\(second)")
      let cart = try spec(folder, "services/Cart 2/release.yaml")
      #expect(cart.hasPrefix("# yaml-language-server: $schema=../../.liftlock/release.schema.json\n"))
      #expect(cart.contains("\nservice: cart-2\n"))
    }
  }

  @Test func workTreeIsARepositoryToo() throws {
    try withTemporaryFolder { folder in
      let script = """
        git init --quiet --initial-branch main one && cd one && git remote add origin git@github.com:acme/shop.git &&
        git -c user.name=a -c user.email=a@b commit --quiet --allow-empty --message x &&
        git worktree add --quiet ../two 2>/dev/null && cd ../two && "$0" init - | sed -n 3,6p
        """
      let outcome = try run("bash", ["-c", script, liftlockPath], in: folder)
      #expect(outcome.text.contains("service: shop\n") && outcome.text.contains("ghcr.io/acme/shop"), "\(outcome)")
    }
  }

  @Test func whatIsThereStays() throws {
    try withTemporaryFolder { folder in
      try Data("mine\n".utf8).write(to: folder.appendingPathComponent("release.yaml"))
      let outcome = try liftlock("init", in: folder)
      #expect(outcome.code == 2 && outcome.text == "")
      #expect(
        outcome.complaint
          == "liftlock: release.yaml is there already, and nothing was written; name another file, or overwrite it with --force\n"
      )
      #expect(try contents(of: folder) == ["release.yaml": Data("mine\n".utf8)])
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(".liftlock"), withIntermediateDirectories: true)
      try Data("{}".utf8).write(to: folder.appendingPathComponent(".liftlock/release.schema.json"))
      let forced = try liftlock("init", "--force", in: folder)
      #expect(forced.code == 0 && forced.text.contains("kept .liftlock/release.schema.json"), "\(forced)")
      #expect(try spec(folder, ".liftlock/release.schema.json") == "{}")
    }
  }

  @Test(arguments: [
    (
      ["--driver", "webhook", "--strategy", "canary"], "webhook cannot do `canary`: a webhook moves all traffic at once"
    ),
    (["--driver", "webhook", "--strategy", "canary"], "It can do `rolling`. `canary` is there for kubernetes, "),
    (["--driver", "command", "--traffic", "replicas"], "--traffic goes with --driver kubernetes --strategy canary"),
    (["--service", "Web_Shop"], "starting with a letter, such as `web-shop`"),
    (["--environment", "1"], "starting with a letter"),
    (["--environment", "a", "--environment", "a"], "name each --environment once"),
    (["--owner", "a/b"], "such as acme"),
    (["--branch", "a b"], "as Git calls it"), (["--driver", "nomad"], "azure-container-apps"),
    (["no-such-folder/release.yaml"], "cannot find no-such-folder"),
  ]) func whatCannotBeIsRefusedWithWhatCan(options: [String], words: String) throws {
    try withTemporaryFolder { folder in
      let outcome = try run(liftlockPath, ["init"] + options, in: folder)
      #expect(outcome.code == 2 && outcome.text == "", "\(outcome)")
      #expect(outcome.complaint.contains(words), "\(outcome)")
      #expect(try contents(of: folder).isEmpty)
    }
  }

  // MARK: - At a terminal

  /// Types the answers into a terminal of `init`'s own, and returns what it showed and how it ended.
  private func typed(_ answers: String, _ options: [String] = [], in folder: URL) throws -> Outcome {
    let script = """
      import os, pty, sys
      answers, words = sys.argv[1], sys.argv[2:]
      child, terminal = pty.fork()
      if child == 0:
          os.execv(words[0], words)
      os.write(terminal, answers.encode())
      shown = b""
      while True:
          try:
              part = os.read(terminal, 65536)
          except OSError:
              break
          if not part:
              break
          shown += part
      sys.stdout.write(shown.decode().replace("\\r\\n", "\\n"))
      sys.stdout.flush()
      os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """
    return try run("python3", ["-c", script, answers, liftlockPath, "init"] + options, in: folder)
  }

  @Test func aTerminalIsAskedWhatCannotBeFoundOut() throws {
    try withTemporaryFolder { folder in
      let outcome = try typed("kubernets\n1\ncanary\n3\nstaging prod\nAcme\n", ["--service", "shop"], in: folder)
      #expect(outcome.code == 0, "\(outcome)")
      for part in [
        "Where does shop run?", "write one of the names, or a number from 1 to 5",
        "How does traffic reach a new version?",
        "What splits the traffic?", "Through which environments does a version go, in order [prod]: ",
        "Who owns the repository on GitHub [to be replaced]: ",
        "created release.yaml: shop on kubernetes, canary, into staging, then prod",
      ] { #expect(outcome.text.contains(part), "\(part)\n\(outcome.text)") }
      #expect(!outcome.text.contains("What is the service called"))
      let text = try spec(folder)
      #expect(
        text.contains("replicas: { total: 10 }") && text.contains("ghcr.io/acme/shop")
          && text.contains("after: staging"))
    }
  }

  @Test func whatWasSaidIsNotAsked() throws {
    try withTemporaryFolder { folder in
      let options = ["--driver", "webhook", "--owner", "acme", "--environment", "live", "--service", "shop"]
      let outcome = try typed("", options, in: folder)
      #expect(outcome.code == 0 && outcome.text.hasPrefix("created release.yaml"), "\(outcome)")
      try FileManager.default.removeItem(at: folder.appendingPathComponent("release.yaml"))
      #expect(try typed("", ["--yes"], in: folder).text.hasPrefix("created release.yaml"))
    }
  }

  @Test func noAnswerWritesNothing() throws {
    try withTemporaryFolder { folder in
      // End of input.
      let outcome = try typed("2\n\u{4}", in: folder)
      #expect(outcome.code == 2 && outcome.text.contains("there was no answer, and nothing was written"), "\(outcome)")
      #expect(try contents(of: folder).isEmpty)
    }
  }
}

/// What shells and `man` are given.
@Suite struct ShellHelpTests {
  @Test func bashCompletesCommandsOptionsAndValues() throws {
    try withTemporaryFolder { folder in
      try liftlock("completions", "bash").output.write(to: folder.appendingPathComponent("liftlock"))
      // As bash does it: the words, where the cursor is, and the function that was named for the program.
      let script = """
        source ./liftlock
        function=$(complete -p liftlock | sed -E 's/.*-F ([^ ]+).*/\\1/')
        try() {
          COMP_WORDS=(liftlock "$@") COMP_CWORD=$# COMP_LINE="liftlock $*" COMP_POINT=${#COMP_LINE} COMPREPLY=()
          "$function" liftlock "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
          echo "$* -> ${COMPREPLY[*]}"
        }
        try gen; try init --driver az; try check --format s; try generate --pr
        """
      let outcome = try run("bash", ["-c", script], in: folder)
      #expect(
        outcome.text == """
          gen -> generate
          init --driver az -> azure-container-apps azure-container-instances
          check --format s -> sarif
          generate --pr -> --prune

          """, "\(outcome)")
    }
  }

  @Test(arguments: [("zsh", "#compdef liftlock"), ("fish", "complete -c 'liftlock'")])
  func otherShellsHaveTheirs(shell: String, part: String) throws {
    let outcome = try liftlock("completions", shell)
    #expect(
      outcome.code == 0 && outcome.text.contains(part) && outcome.text.contains("azure-container-apps"), "\(outcome)")
    #expect(try liftlock("completions", "csh").code == 2)
  }

  @Test func mandocHasNothingToSayAboutTheManualPage() throws {
    let outcome = try run("mandoc", ["-T", "lint", "-W", "style"], in: repository, input: liftlock("man").output)
    #expect(outcome.code == 0 && outcome.text == "" && outcome.complaint == "", "\(outcome)")
    let shown = try run("mandoc", ["-T", "ascii"], in: repository, input: liftlock("man").output)
    #expect(shown.text.hasPrefix("LIFTLOCK(1)") && !shown.text.contains("\\-"))
  }
}

/// Calls that go wrong in ways that can be told apart.
@Suite struct MistakenCallTests {
  @Test func specThatCannotBePutRightIsNoSuccessOfADifference() throws {
    let broken = OrphanTests.spec.replacingOccurrences(of: "verify: [up]", with: "verify: [nothing-like-it]")
    let outcome = try liftlock("check", "-", "--diff", input: broken)
    #expect(outcome.code == 1 && outcome.text == "")
    #expect(outcome.complaint == "liftlock: 2 errors are left that --fix cannot put right; see: liftlock check\n")
    #expect(try liftlock("check", "-", "--diff", input: OrphanTests.spec).description == "exit 0\n\n")
  }

  @Test func specsAndPoliciesAreToldApart() throws {
    let policy = "Examples/policy.yaml"
    let spec = "Examples/forge/release.yaml"
    for command in ["check", "generate", "matrix", "plan"] {
      let outcome = try liftlock(command, policy)
      #expect(outcome.code == 2 && outcome.text == "")
      #expect(
        outcome.complaint
          == "liftlock: \(policy) is a policy and no release spec; to judge a spec by it: liftlock check SPEC --policy \(policy)\n"
      )
    }
    let outcome = try liftlock("check", spec, "--policy", spec)
    #expect(outcome.code == 2 && outcome.text == "")
    #expect(outcome.complaint.hasPrefix("liftlock: \(spec) is a release spec, and --policy takes a policy"))
  }

  @Test(arguments: [
    ("Examples/forge/relaese.yaml", "No such file or directory; did you mean Examples/forge/release.yaml?"),
    ("Examples/forge", "Is a directory; did you mean Examples/forge/release.yaml?"),
    ("Examples", "Is a directory; name a spec, such as Examples/release.yaml"),
    ("Example/forge/release.yaml", "No such file or directory"),
  ]) func pathThatIsWrongIsPutRight(path: String, words: String) throws {
    let outcome = try liftlock("check", path)
    #expect(outcome.code == 2 && outcome.complaint == "liftlock: cannot read \(path): \(words)\n", "\(outcome)")
  }
}
