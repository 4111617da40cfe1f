import TextLayout

extension ShellLibrary {
  static let evidence: [ShellFunction] = [
    ShellFunction(
      "filled", "FILE: the template with {{name}} replaced by the values of the release.",
      body: #"""
        local text name value mark
        text=$(<"$1")
        for name in service environment version previous commit date result reason run operator checks strategy started \
          ended duration approvals outcomes; do
          value="EVIDENCE_${name}"
          mark="{{${name}}}"
          text=${text//"${mark}"/"${!value}"}
        done
        printf '%s\n' "${text}"
        """#),
    ShellFunction(
      "outcomes",
      "How it ended for whom, as a JSON object: what the target's own means have written down, the last word on each key, and",
      "rollbackState, which is always there.", needs: ["journal_of_run", "outcomes_file"],
      body: #"""
        local state lines
        lines=$(outcomes_file)
        state=$(journal_of_run 'if any(.[]; .event == "rolled-back") then "rolled_back"
          elif any(.[]; .event == "rolling-back") then "failed" else "not_needed" end') || state=unknown
        [[ -s ${lines} ]] || lines=/dev/null
        jq -cRn --arg state "${state:-not_needed}" \
          'reduce (inputs | capture("^(?<key>[^=]+)=(?<value>.*)$")) as $line ({rollbackState: $state}; .[$line.key] = $line.value)' \
          "${lines}"
        """#),
    ShellFunction(
      "approvals", "Who let this run pass, as a JSON list; empty where nobody can tell.", needs: ["github"],
      body: #"""
        local list=''
        if [[ -n ${GH_TOKEN:-} && -n ${GITHUB_REPOSITORY:-} && -n ${GITHUB_RUN_ID:-} ]]; then
          list=$(github "repos/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}/approvals" |
            jq -c '[.[] | {user: .user.login, environments: [.environments[].name], state, comment}]') || list=''
        fi
        printf '%s\n' "${list:-[]}"
        """#),
  ]
}
