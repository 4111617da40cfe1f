import ReleaseModel
import TextLayout

/// Prints a driver's operations as functions. The same values are printed as commands to type by the runbook.
enum OperationRenderer {
  /// All operations of a target, as `target_…`.
  static func functions(_ target: TargetOperations) -> [ShellFunction] {
    var functions: [ShellFunction] = [
      function("target_identify", "Finds the target's own identifier.", target.identify),
      function("target_preflight", "The target answers and is set up so that a rollout can work.", target.preflight),
      function("target_find_live", "Sets PREVIOUS to the live version.", target.findLive),
      function("target_deploy", "Brings the candidate up, without traffic.", target.deploy),
      function("target_ready", "Waits until the candidate can serve.", target.ready),
      function("target_address", "Finds where the candidate alone is reached.", target.address),
      function("target_shift", "Gives WEIGHT percent to the candidate.", target.shift),
      function("target_finish", "Makes the candidate the only version.", target.finish),
      function("target_activate_previous", "Makes sure that the previous version can serve.", target.activatePrevious),
      function("target_undo", "Gives all traffic to the previous version.", target.undo),
      function("target_clean_up", "Takes away what a rollback leaves over.", target.cleanUp),
      ShellFunction(
        "target_live_weight", "The candidate's share of the traffic, in percent.", needs: ["answer"],
        body: answer(target.liveWeight)),
      ShellFunction(
        "target_is_undone", "true when the previous version has all traffic.", needs: ["answer"],
        body: answer(target.undone)),
      ShellFunction(
        "target_write_marker", "FIELD=VALUE…: writes them on the target.", needs: ["change"],
        body: "change \(words(target.writeMarker)) \"$@\""),
      readMarker(target),
    ]
    if let history = target.findPrevious {
      functions.append(
        function("target_find_previous", "Sets PREVIOUS from the target's own history.", history))
    }
    return functions
  }

  private static func readMarker(_ target: TargetOperations) -> ShellFunction {
    let fields = ["state", "run", "previous", "candidate", "weight", "incident", "commit"].map {
      ".[" + jsonString(target.markerPrefix + $0) + "]"
    }
    let filter =
      target.readMarker.filter + " | if type == \"object\" then . else error(\"no object\") end | ["
      + fields.joined(separator: ", ") + "] | map(. // \"\" | tostring | gsub(\"[\\n\\r]\"; \" \")) | .[]"
    return ShellFunction(
      "target_read_marker",
      "The marker's state, run, previous version, candidate, weight, incident and commit, a line each.",
      needs: ["answer"],
      body: answer(Query(target.readMarker.command, filter, arguments: target.readMarker.arguments)))
  }

  private static func function(_ name: ShellName, _ comment: String, _ actions: [Action]) -> ShellFunction {
    ShellFunction(name, comment, needs: needs(actions), body: body(actions))
  }

  private static func body(_ actions: [Action]) -> Bash {
    if actions.isEmpty { return ":" }
    let usesVerdict = actions.contains { if case .when = $0 { true } else { false } }
    return .lines((usesVerdict ? ["local verdict"] : []) + actions.map(render))
  }

  private static func render(_ action: Action) -> Bash {
    switch action {
    case .run(let command):
      "change \(words(command)) || return"
    case .read(let variable, let query, let missing):
      if let missing {
        """
        \(name(variable))=$(\(answer(query))) || return
        if [[ -z ${\(name(variable))} ]]; then
          complain \(missing)
          return 1
        fi
        """
      } else {
        "\(name(variable))=$(\(answer(query))) || return"
      }
    case .wait(let query, let limit, let what):
      "await \(limit.seconds) \(what) \(arguments(query)) || return"
    case .require(let query, let message):
      "expect \(message) \(arguments(query)) || return"
    case .when(let query, let actions):
      """
      verdict=$(\(answer(query))) || return
      if [[ ${verdict} == true ]]; then
        \(Bash.lines(actions.map(render)))
      fi
      """
    case .set(let variable, let word):
      "\(name(variable))=\(shellWord(word))"
    }
  }

  private static func needs(_ actions: [Action]) -> [String] {
    actions.flatMap { action -> [String] in
      switch action {
      case .run: ["change"]
      case .read(_, _, let missing): missing == nil ? ["answer"] : ["answer", "complain"]
      case .wait: ["await"]
      case .require: ["expect"]
      case .when(_, let actions): ["answer"] + needs(actions)
      case .set: []
      }
    }
  }

  private static func answer(_ query: Query) -> Bash { "answer \(arguments(query))" }

  /// FILTER [--arg NAME VALUE]… -- COMMAND…
  private static func arguments(_ query: Query) -> Bash {
    let options: [Bash] = query.arguments.map { variable in
      "--arg \(variable.filterName) \(ShellWord.variable(variable.rawValue))"
    }
    return Bash.join(["\(query.filter)"] + options + ["-- \(words(query.command))"], separator: " ")
  }

  static func words(_ command: Command) -> Bash { Bash.words(command.words.map(shellWord)) }

  static func shellWord(_ word: Word) -> ShellWord {
    ShellWord(
      parts: word.parts.map { part in
        switch part {
        case .literal(let text): .literal(text)
        case .variable(let variable): .variable(variable.rawValue)
        }
      })
  }

  private static func name(_ variable: RuntimeVariable) -> Bash { ShellName(variable.rawValue).bash }
}
