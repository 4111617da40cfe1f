import TextLayout

extension ShellLibrary {
  static let gitHub: [ShellFunction] = [
    ShellFunction(
      "github", "PATH [OPTION…]: what GitHub's API answers, through gh.", needs: ["remote"],
      body: #"remote gh api "$@""#),
    ShellFunction(
      "post_status",
      "CONTEXT STATE TEXT COMMIT: a commit status. It is what later promotions ask for; without it they fail closed, so a status",
      "that cannot be posted is said aloud and does not undo a good release.", needs: ["remote", "complain", "say"],
      body: #"""
        if [[ -z ${GH_TOKEN:-} || -z ${GITHUB_REPOSITORY:-} || -z $4 ]]; then
          say "not on GitHub: no commit status $1 = $2"
          return 0
        fi
        remote gh api --method POST "repos/${GITHUB_REPOSITORY}/statuses/$4" \
          -f "state=$2" -f "context=$1" -f "description=${3:0:140}" >/dev/null ||
          complain "the commit status $1 = $2 could not be posted; promotions that need it will be refused"
        """#),
  ]
}
