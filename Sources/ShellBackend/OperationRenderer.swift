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
      writeMarker(target),
      readMarker(target),
    ]
    let webhooks = (target.shift + target.undo + target.confirmUndo).compactMap { action -> Webhook? in
      if case .webhook(let webhook) = action { webhook } else { nil }
    }
    if let webhook = webhooks.first {
      functions.append(
        ShellFunction(
          "target_turn", "Something else after every change that was brought to its end.", needs: ["answer"],
          body: answer(webhook.turn)))
    }
    if let reverse = target.prepareReverse {
      functions.append(
        function(
          "target_prepare_reverse", "Brings the previous version up beside the live one, without traffic.", reverse))
    }
    if !target.confirmUndo.isEmpty {
      functions.append(
        function("target_confirm_undo", "Whether others agree that the previous version is back.", target.confirmUndo))
    }
    if let history = target.findPrevious {
      functions.append(
        function("target_find_previous", "Sets PREVIOUS from the target's own history.", history))
    }
    return functions
  }

  private static func writeMarker(_ target: TargetOperations) -> ShellFunction {
    let body: Bash
    switch target.markerWords {
    case .plain: body = "change \(words(target.writeMarker)) \"$@\""
    case .payload:
      body = """
        local field
        local -a options=()
        for field in "$@"; do
          options+=(--raw-field "payload[${field%%=*}]=${field#*=}")
        done
        change \(words(target.writeMarker)) ${options[@]+"${options[@]}"}
        """
    }
    return ShellFunction(
      "target_write_marker",
      target.markerWords == .plain
        ? "FIELD=VALUE…: writes them on the target."
        : "FIELD=VALUE…: writes them on GitHub; the newest of each counts.",
      needs: ["change"], body: body)
  }

  private static func readMarker(_ target: TargetOperations) -> ShellFunction {
    let fields = MarkerField.allCases.map { ".[" + jsonString(target.markerPrefix + $0.rawValue) + "]" }
    let filter =
      target.readMarker.filter + " | if type == \"object\" then . else error(\"no object\") end | ["
      + fields.joined(separator: ", ") + "] | map(. // \"\" | tostring | gsub(\"[\\n\\r]\"; \" \")) | .[]"
    return ShellFunction(
      "target_read_marker",
      "The fields of the marker, a line each.",
      needs: ["answer"],
      body: answer(Query(target.readMarker.command, filter, arguments: target.readMarker.arguments)))
  }

  static func function(_ name: ShellName, _ comment: String, _ actions: [Action]) -> ShellFunction {
    ShellFunction(name, comment, needs: needs(actions), body: body(actions))
  }

  private static func body(_ actions: [Action]) -> Bash {
    if actions.isEmpty { return ":" }
    let names = locals(actions)
    let declared: [Bash] = names.isEmpty ? [] : ["local \(words: names)"]
    return .lines(declared + actions.indices.map { .lines(missing(before: actions[$0...]) + [render(actions[$0])]) })
  }

  /// That a call is about to be made is only noted when there is an address to call.
  private static func missing(before actions: ArraySlice<Action>) -> [Bash] {
    guard case .mark = actions.first, case .webhook(let webhook) = actions.dropFirst().first,
      case .fail = webhook.whenMissing
    else { return [] }
    return [
      """
      if [[ -z ${\(ShellName(webhook.address).bash):-} ]]; then
        \(call(webhook))
      fi
      """
    ]
  }

  /// The names that the actions keep for themselves.
  private static func locals(_ actions: [Action]) -> [String] {
    var names: [String] = []
    for action in actions {
      switch action {
      case .when(_, let inner): names += ["verdict"] + locals(inner)
      case .forEach(_, _, let inner): names += ["lines"] + locals(inner)
      default: break
      }
    }
    return ["verdict", "lines"].filter(names.contains)
  }

  private static func render(_ action: Action) -> Bash {
    switch action {
    case .run(let command):
      "change \(words(command)) || return"
    case .read(let variable, let query, let missing):
      .lines(
        ["\(name(variable))=$(\(answer(query))) || return"] + (missing.map { [required(variable, $0)] } ?? []))
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
    case .split(let version, let first, let second):
      """
      if [[ ${\(name(version))} != ?*=?* ]]; then
        complain "a version of ${TARGET_TITLE} is PLACE=IMAGE, and this is not: ${\(name(version))}"
        return 1
      fi
      \(name(first))=${\(name(version))%%=*}
      \(name(second))=${\(name(version))#*=}
      """
    case .choose(let variable, let key, let choices, let otherwise):
      choose(variable, key, choices, otherwise)
    case .forEach(let variable, let query, let actions):
      """
      lines=$(\(answer(query))) || return
      while IFS= read -r \(name(variable)) <&3; do
        [[ -n ${\(name(variable))} ]] || continue
        \(Bash.lines(actions.map(render)))
      done 3<<<"${lines}"
      """
    case .pause(let time, let why):
      "pause \(time.seconds) \(why)"
    case .runWithFile(let command, let document):
      run(command, document)
    case .given(let variable, let message):
      required(variable, message)
    case .mark(let field, let word):
      "write_marker \(shellWord(Word(field + "=") + word)) || return"
    case .webhook(let webhook):
      call(webhook)
    case .outcome(let key, let value):
      "keep_outcome \(key) \(value)"
    case .outcomeWithout(let secret, let key, let value):
      "[[ -n ${\(ShellName(secret).bash):-} ]] || keep_outcome \(key) \(value)"
    }
  }

  private static func required(_ variable: RuntimeVariable, _ message: String) -> Bash {
    """
    if [[ -z ${\(name(variable))} ]]; then
      complain \(message)
      return 1
    fi
    """
  }

  private static func choose(
    _ variable: RuntimeVariable, _ key: RuntimeVariable, _ choices: [Action.Choice], _ otherwise: Action.Otherwise
  ) -> Bash {
    let rows: [Bash] = choices.map { "\($0.value)) \(name(variable))=\(shellWord($0.result)) ;;" }
    let rest: Bash
    switch otherwise {
    case .word(let word): rest = "*) \(name(variable))=\(shellWord(word)) ;;"
    case .fail(let message):
      rest = """
        *)
          complain \(message)
          return 1
          ;;
        """
    }
    return """
      case ${\(name(key))} in
        \(Bash.lines(rows + [rest]))
      esac
      """
  }

  private static func run(_ command: Command, _ document: Document) -> Bash {
    let from = document.source ?? Command("printf", "null")
    let options: [Bash] = document.arguments.map { variable in
      "--arg \(variable.filterName) \(ShellWord.variable(variable.rawValue))"
    }
    let filter = Bash.join(["\(document.filter)"] + options, separator: " ")
    return """
      DOCUMENT=$(answer \(filter) -- \(words(from))) || return
      with_document \(words(command)) || return
      """
  }

  private static func call(_ webhook: Webhook) -> Bash {
    let address = ShellName(webhook.address).bash
    let token: Bash = webhook.token.map { "\"${\(ShellName($0).bash):-}\"" } ?? "''"
    let missing: String
    switch webhook.whenMissing {
    case .fail(let message): missing = message
    case .skip: missing = ""
    }
    return """
      call_webhook \(webhook.purpose) \(webhook.state ?? "") \(webhook.isRepeatable ? 1 : 0) \(missing) \\
        "${\(address):-}" \(token) "$(target_turn)" || return
      """
  }

  private static func needs(_ actions: [Action]) -> [String] {
    actions.flatMap { action -> [String] in
      switch action {
      case .run: ["change"]
      case .read(_, _, let missing): missing == nil ? ["answer"] : ["answer", "complain"]
      case .wait: ["await"]
      case .require: ["expect"]
      case .when(_, let actions), .forEach(_, _, let actions): ["answer"] + needs(actions)
      case .set: []
      case .choose(_, _, _, let otherwise): if case .fail = otherwise { ["complain"] } else { [] }
      case .split, .given: ["complain"]
      case .pause: ["pause"]
      case .runWithFile: ["answer", "with_document"]
      case .mark: ["write_marker"]
      case .webhook: ["target_turn", "call_webhook"]
      case .outcome, .outcomeWithout: ["keep_outcome"]
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
